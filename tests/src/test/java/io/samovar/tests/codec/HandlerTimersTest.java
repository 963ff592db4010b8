package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.util.concurrent.Future;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.codec.CodecStream;
import io.samovar.testing.StreamPair;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.Coroutines;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that set timers get those of the loop; in a network in memory, which has no event loop of Netty's. */
@Timeout(60)
class HandlerTimersTest {
    private final VirtualClock clock = new VirtualClock();

    @FunctionalInterface
    private interface Talk {
        Coroutine<Void> over(StreamPair pair) throws Exception;
    }

    private void run(Talk talk) {
        try (EventLoop loop = clock.openLoop()) {
            loop.runUntilComplete(Coroutines.<Void>coroutine(() -> connect(talk)));
        }
    }

    private Coroutine<Void> connect(Talk talk) throws Exception {
        try (StreamPair pair = clock.network().pair(EventLoop.current())) {
            await(talk.over(pair));
        }
        return Coroutine.done();
    }

    /** Gives a message of its own when its time has come, and takes back a second timer. */
    private static final class Alarm extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Future<?> first = context.executor().schedule(() -> context.fireChannelRead("ring"), 3, TimeUnit.SECONDS);
            Future<?> second = context.executor().schedule(() -> context.fireChannelRead("late"), 4, TimeUnit.SECONDS);
            context.executor().execute(() -> assertThat(second.cancel(false)).isTrue());
            Future<?> unused = first.addListener(done -> context.fireChannelRead("rang " + done.isSuccess()));
        }
    }

    @Test
    void aMessageThatATimerMakesWakesTheReader() {
        run(pair -> {
            try (CodecStream<String, String> lines = new CodecStream<>(
                    pair.near(), String.class, new LineBasedFrameDecoder(16), new StringDecoder(), new Alarm())) {
                assertThat(await(lines.read())).isEqualTo("ring");
                assertThat(await(lines.read())).isEqualTo("rang true");
                assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
                await(pair.far().write("tea\n"));
                assertThat(await(lines.read())).isEqualTo("tea");
                pair.far().close();
                assertThat(await(lines.read())).isNull();
            }
            return Coroutine.done();
        });
    }

    /** Closes the channel when its time has come. */
    private static final class Guillotine extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Future<?> unused = context.executor()
                    .schedule(
                            () -> {
                                Future<?> unusedToo = context.close();
                            },
                            5,
                            TimeUnit.SECONDS);
        }
    }

    @Test
    void aTimerThatClosesTheChannelEndsTheRead() {
        run(pair -> {
            try (CodecStream<String, String> lines = new CodecStream<>(
                    pair.near(), String.class, new LineBasedFrameDecoder(16), new StringDecoder(), new Guillotine())) {
                await(pair.far().write("half"));
                assertThat(await(lines.read())).isNull();
                assertThat(lines.isClosing()).isTrue();
                assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(5));
            }
            return Coroutine.done();
        });
    }
}
