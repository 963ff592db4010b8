package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.codec.CodecStream;
import io.samovar.codec.DecodeException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.StreamClosedException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CodecStreamTest {
    private static CodecStream<String, String> lines(Ends ends) {
        return ends.codec(
                String.class, new LineBasedFrameDecoder(16), new StringDecoder(UTF_8), new StringEncoder(UTF_8));
    }

    private static CodecStream<ByteBuf, Object> frames(Ends ends) {
        return ends.codec(ByteBuf.class, new LineBasedFrameDecoder(16));
    }

    private static String text(ByteBuf frame) {
        assertThat(frame.refCnt()).isPositive();
        String text = frame.toString(UTF_8);
        frame.release();
        return text;
    }

    @TransportTest
    void messagesThatCameInOnePieceAreGivenOneAfterAnother(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<String, String> lines = lines(ends)) {
                await(ends.far().write("one\ntwo\nthree\n"));
                ends.far().close();
                assertThat(await(lines.read())).isEqualTo("one");
                assertThat(await(lines.read())).isEqualTo("two");
                assertThat(await(lines.read())).isEqualTo("three");
                assertThat(await(lines.read())).isNull();
                assertThat(await(lines.read())).isNull();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void aMessageMayComeByteByByte(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<ByteBuf, Object> frames = frames(ends)) {
                Task<ByteBuf> reading = Async.createTask(reading(frames));
                for (char next : "kettle\nx".toCharArray()) {
                    assertThat(reading.isDone()).isFalse();
                    await(ends.far().write(String.valueOf(next)));
                    await(ends.far().flush());
                    await(Async.sleep(Duration.ZERO));
                }
                assertThat(text(await(reading))).isEqualTo("kettle");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    private static <I> Coroutine<I> reading(CodecStream<I, ?> stream) {
        return Coroutine.of(await(stream.read()));
    }

    @TransportTest
    void aMessageThatIsTooLongFailsTheReadInItsPlaceAndNoOther(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<String, String> lines = lines(ends)) {
                await(ends.far().write("before\n" + "x".repeat(100) + "\nafter\n"));
                assertThat(await(lines.read())).isEqualTo("before");
                Throwable failure = null;
                try {
                    await(lines.read());
                } catch (DecodeException tooLong) {
                    failure = tooLong;
                    assertThat(tooLong.failure()).isInstanceOf(TooLongFrameException.class);
                }
                assertThat(failure).hasMessageContaining("frame length (100) exceeds the allowed maximum (16)");
                assertThat(await(lines.read())).isEqualTo("after");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void theFailureOfAHandlerIsThrownByTheReadAsItIs(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var broken = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    throw new IllegalArgumentException("no " + text((ByteBuf) message));
                }
            };
            try (CodecStream<ByteBuf, Object> frames =
                    ends.codec(ByteBuf.class, new LineBasedFrameDecoder(16), broken)) {
                await(ends.far().write("tea\n"));
                Throwable failure = null;
                try {
                    await(frames.read());
                } catch (IllegalArgumentException thrown) {
                    failure = thrown;
                }
                assertThat(failure).hasMessage("no tea");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void aReadThatIsCancelledLosesNothing(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<String, String> lines = lines(ends)) {
                await(ends.far().write("hal"));
                Task<String> reading = Async.createTask(reading(lines));
                await(ends.far().flush());
                await(Async.sleep(Duration.ofMillis(1)));
                reading.cancel();
                await(Async.wait(List.of(reading)));
                assertThat(catchThrowable(reading::result)).isInstanceOf(CancelledError.class);
                await(ends.far().write("f\nwhole\n"));
                assertThat(await(lines.read())).isEqualTo("half");
                assertThat(await(lines.read())).isEqualTo("whole");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void whatIsWrittenIsEncodedAndSent(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<String, String> lines = lines(ends)) {
                await(lines.write("one"));
                await(lines.write("two"));
                assertThat(await(ends.got(6))).isEqualTo("onetwo");
                await(lines.write("three"));
                await(lines.flush());
                assertThat(lines.stream().pendingBytes()).isZero();
                assertThat(await(ends.got(5))).isEqualTo("three");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void aMessageThatNobodyEncodesIsRefusedAndReleased(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<ByteBuf, Object> frames = frames(ends)) {
                Frame frame = new Frame(Unpooled.copiedBuffer("tea", UTF_8));
                assertThatThrownBy(() -> frames.write(frame)).isInstanceOf(UnsupportedMessageTypeException.class);
                assertThat(frame.refCnt()).isZero();
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    /** A message that only its own encoder would know. */
    private static final class Frame extends io.netty.buffer.DefaultByteBufHolder {
        Frame(ByteBuf content) {
            super(content);
        }
    }

    @TransportTest
    void aMessageThatCannotBeEncodedFailsItsWriteAndNoOther(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var picky = new MessageToByteEncoder<String>() {
                @Override
                protected void encode(ChannelHandlerContext context, String message, ByteBuf out) {
                    if (message.isEmpty()) {
                        throw new IllegalArgumentException("nothing to say");
                    }
                    out.writeCharSequence(message, UTF_8);
                }
            };
            try (CodecStream<ByteBuf, String> words = ends.codec(ByteBuf.class, new LineBasedFrameDecoder(16), picky)) {
                assertThatThrownBy(() -> words.write(""))
                        .isInstanceOf(EncoderException.class)
                        .hasRootCauseMessage("nothing to say");
                await(words.write("tea"));
                assertThat(await(ends.got(3))).isEqualTo("tea");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void closingSendsWhatWasWrittenAndReleasesWhatWasNotRead(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            CodecStream<ByteBuf, Object> frames = frames(ends);
            await(ends.far().write("one\ntwo\nthree\nhal"));
            ByteBuf one = await(frames.read());
            await(frames.write(one.retainedDuplicate()));
            frames.close();
            frames.close();
            assertThat(frames.isClosing()).isTrue();
            assertThat(one.refCnt()).isEqualTo(1); // the slices of the others, and of the half, are gone
            one.release();
            assertThat(await(frames.read())).isNull();
            assertThat(await(ends.got(3))).isEqualTo("one");
            assertThat(await(ends.far().read())).isNull();
            ByteBuf late = Unpooled.copiedBuffer("late", UTF_8);
            assertThatThrownBy(() -> frames.write(late)).isInstanceOf(StreamClosedException.class);
            assertThat(late.refCnt()).isZero();
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void theLastMessageOfACodecWithoutAnEndMarkComesWithTheEnd(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var toTheEnd = new io.netty.handler.codec.ByteToMessageDecoder() {
                @Override
                protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {}

                @Override
                protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
                    if (in.isReadable()) {
                        out.add(in.readRetainedSlice(in.readableBytes()));
                    }
                }
            };
            try (CodecStream<ByteBuf, ByteBuf> all = ends.codec(ByteBuf.class, toTheEnd)) {
                await(ends.far().write("all of it"));
                ends.far().shutdownOutput();
                assertThat(text(await(all.read()))).isEqualTo("all of it");
                assertThat(await(all.read())).isNull();
                await(all.write(Unpooled.copiedBuffer("answer", UTF_8)));
                assertThat(await(ends.got(6))).isEqualTo("answer");
                ends.far().close();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void aResetFailsTheReadAsThatOfTheStream(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            try (CodecStream<String, String> lines = lines(ends)) {
                ends.far().abort();
                Throwable failure = null;
                try {
                    await(lines.read());
                } catch (ConnectionResetException reset) {
                    failure = reset;
                }
                assertThat(failure).isNotNull();
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void nothingIsReadThatNobodyAskedFor(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            AtomicInteger bytes = new AtomicInteger();
            var counter = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    bytes.addAndGet(((ByteBuf) message).readableBytes());
                    context.fireChannelRead(message);
                }
            };
            try (CodecStream<String, String> lines =
                    ends.codec(String.class, counter, new LineBasedFrameDecoder(1000), new StringDecoder(UTF_8))) {
                Task<Void> flood = Async.createTask(flood(ends, 2_000_000));
                assertThat(await(lines.read())).hasSize(999);
                int read = bytes.get();
                for (int turn = 0; turn < 100; turn++) {
                    await(Async.sleep(Duration.ZERO));
                }
                assertThat(bytes).hasValue(read);
                int count = 1;
                while (await(lines.read()) != null) {
                    count++;
                }
                assertThat(count).isEqualTo(2_000);
                assertThat(bytes).hasValue(2_000_000);
                await(flood);
            }
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> flood(Ends ends, int bytes) {
        String lines = ("x".repeat(999) + "\n").repeat(20);
        for (int sent = 0; sent < bytes; sent += lines.length()) {
            await(ends.far().write(lines));
        }
        ends.far().close();
        return Coroutine.done();
    }

    @TransportTest
    void aHandlerMayEndTheConversation(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            List<String> seen = new ArrayList<>();
            var bye = new ChannelDuplexHandler() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    if (message.equals("bye")) {
                        Object unused = context.writeAndFlush("BYE");
                        Object unusedToo = context.close();
                    } else {
                        context.fireChannelRead(message);
                    }
                }

                @Override
                public void close(ChannelHandlerContext context, ChannelPromise promise) {
                    seen.add("close");
                    Object unused = context.close(promise);
                }

                @Override
                public void channelInactive(ChannelHandlerContext context) {
                    seen.add("inactive");
                }

                @Override
                public void handlerRemoved(ChannelHandlerContext context) {
                    seen.add("removed");
                }
            };
            try (CodecStream<String, String> lines = ends.codec(
                    String.class,
                    new LineBasedFrameDecoder(16),
                    new StringDecoder(UTF_8),
                    new StringEncoder(UTF_8),
                    bye)) {
                await(ends.far().write("tea\nbye\nmore\n"));
                assertThat(await(lines.read())).isEqualTo("tea");
                assertThat(seen).isEmpty();
                assertThat(await(lines.read())).isNull();
                assertThat(lines.isClosing()).isTrue();
                assertThat(await(ends.got(3))).isEqualTo("BYE");
                assertThat(await(ends.far().read())).isNull();
            }
            assertThat(seen).startsWith("inactive", "removed");
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void whatAHandlerSaysBeforeItEndsTheConversationIsStillRead(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var strict = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    context.fireChannelRead(message);
                    context.fireExceptionCaught(new IllegalStateException("one is enough"));
                    Object unused = context.close();
                }
            };
            try (CodecStream<ByteBuf, Object> frames =
                    ends.codec(ByteBuf.class, new LineBasedFrameDecoder(16), strict)) {
                await(ends.far().write("one\ntwo\n"));
                assertThat(text(await(frames.read()))).isEqualTo("one");
                Throwable failure = null;
                try {
                    await(frames.read());
                } catch (IllegalStateException thrown) {
                    failure = thrown;
                }
                assertThat(failure).hasMessage("one is enough");
                assertThat(await(frames.read())).isNull();
            }
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void closingEndsAReadThatWaits(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            CodecStream<ByteBuf, Object> frames = frames(ends);
            Task<ByteBuf> reading = Async.createTask(reading(frames));
            await(Async.sleep(Duration.ZERO));
            frames.close();
            assertThat(await(reading)).isNull();
            ends.far().close();
            return Coroutine.done();
        });
    }
}
