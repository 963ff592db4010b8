package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.codec.CodecStream;
import io.samovar.net.ConcurrentReadException;
import io.samovar.net.StreamClosedException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** How handlers are told to send and to stop, and how much is decoded at once. */
@Timeout(60)
class CodecFlowTest {
    @TransportTest
    void aHandlerThatSendsWhenItIsFlushedSends(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var late = new ChannelOutboundHandlerAdapter() {
                private @Nullable Object held;
                private @Nullable ChannelPromise promise;

                @Override
                public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
                    held = message;
                    promise = written;
                }

                @Override
                public void flush(ChannelHandlerContext context) {
                    if (held != null) {
                        Object unused = context.writeAndFlush(held, promise);
                        held = null;
                    }
                }
            };
            try (CodecStream<ByteBuf, ByteBuf> codec = ends.codec(ByteBuf.class, late)) {
                await(codec.write(Unpooled.copiedBuffer("kettle", UTF_8)));
                assertThat(await(ends.got(6))).isEqualTo("kettle");
            }
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aBodyInChunksOfManyMegabytesLeavesAsThePeerTakesIt(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            byte[] body = new byte[5_000_000];
            List<Boolean> told = new ArrayList<>();
            var ear = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(ChannelHandlerContext context) {
                    told.add(context.channel().isWritable());
                    context.fireChannelWritabilityChanged();
                }
            };
            try (CodecStream<ByteBuf, Object> codec = ends.codec(ByteBuf.class, ear, new ChunkedWriteHandler())) {
                Object unused = codec.write(new ChunkedStream(new ByteArrayInputStream(body)));
                ByteBuf received = await(ends.far().readExactly(body.length));
                assertThat(received.readableBytes()).isEqualTo(body.length);
                received.release();
            }
            assertThat(told).isNotEmpty().startsWith(false, true);
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aWriteAfterAHandlerHasClosedFailsAsAWriteToAClosedStream(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var closing = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    Object unused = context.close();
                }
            };
            try (CodecStream<String, String> lines = ends.codec(
                    String.class,
                    new LineBasedFrameDecoder(16),
                    new StringDecoder(UTF_8),
                    new StringEncoder(UTF_8),
                    closing)) {
                await(ends.far().write("bye\n"));
                assertThat(await(lines.read())).isNull();
                StreamClosedException refused = null;
                try {
                    await(lines.write("too late\n"));
                } catch (StreamClosedException expected) {
                    refused = expected;
                }
                assertThat(refused).isNotNull();
            }
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void ofAFloodOfTinyMessagesOnlySomeAreDecodedAtOnce(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            int[] decoded = {0};
            var counting = new LineBasedFrameDecoder(16) {
                @Override
                protected Object decode(ChannelHandlerContext context, ByteBuf buffer) throws Exception {
                    Object frame = super.decode(context, buffer);
                    decoded[0] += frame == null ? 0 : 1;
                    return frame;
                }
            };
            int all = 50_000;
            try (CodecStream<ByteBuf, Object> frames = ends.codec(ByteBuf.class, counting)) {
                await(ends.far().write("\n".repeat(all)));
                await(frames.read()).release();
                assertThat(decoded[0]).isLessThanOrEqualTo(8 * 1024);
                for (int i = 1; i < all; i++) {
                    await(frames.read()).release();
                }
                assertThat(decoded[0]).isEqualTo(all);
                await(ends.far().write("x\n".repeat(20_000)));
                await(frames.read()).release(); // the others are released with the stream
            }
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aSecondReaderIsRefusedAndTheFirstGetsItsMessage(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var timer = new ChannelDuplexHandler() {
                @Override
                public void channelActive(ChannelHandlerContext context) {
                    Object unused = context.executor()
                            .schedule(
                                    () -> {
                                        Object unusedToo = context.fireChannelRead("tick");
                                    },
                                    50,
                                    TimeUnit.MILLISECONDS);
                }
            };
            try (CodecStream<String, String> codec = ends.codec(String.class, timer)) {
                Task<String> first = Async.createTask(reading(codec));
                await(Async.sleep(Duration.ZERO));
                ConcurrentReadException refused = null;
                try {
                    await(codec.read());
                } catch (ConcurrentReadException expected) {
                    refused = expected;
                }
                assertThat(refused).isNotNull();
                assertThat(await(first)).isEqualTo("tick");
            }
            ends.far().close();
            return Coroutine.done();
        });
    }

    private static Coroutine<String> reading(CodecStream<String, String> codec) {
        return Coroutine.of(await(codec.read()));
    }
}
