package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.ContextVar;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.LoopFailure;
import io.samovar.NotLoopThreadException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** {@code addReader} and {@code addWriter} with channels of the JDK: when the callbacks run, and when they do not. */
@Timeout(60)
class WatchChannelTest {
    private final AtomicInteger calls = new AtomicInteger();

    /** A callback that reads nothing. */
    private void count() {
        calls.incrementAndGet();
    }

    /** Has whatever watches channels look at all of them once more, after what was done before. */
    private static void lookAgain(Net net) {
        try (ChannelPipe other = new ChannelPipe()) {
            AtomicInteger seen = new AtomicInteger();
            other.write(1);
            net.loop().addReader(other.source, seen::incrementAndGet);
            net.until(() -> seen.get() >= 2);
            assertThat(net.loop().removeReader(other.source)).isTrue();
        }
    }

    @TransportTest
    void aReaderIsCalledAgainUntilItHasReadEverything(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            List<Integer> reads = new ArrayList<>();
            net.loop().addReader(pipe.source, () -> reads.add(pipe.read(2)));
            lookAgain(net);
            assertThat(reads).as("nothing to read").isEmpty();
            pipe.write(5);
            net.until(() -> reads.size() == 3);
            lookAgain(net);
            assertThat(reads).containsExactly(2, 2, 1);
        }
    }

    @TransportTest
    void aWriterIsCalledAsLongAsThereIsRoom(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            while (pipe.write(4_096) > 0) {
                // until it is full
            }
            net.loop().addWriter(pipe.sink, this::count);
            lookAgain(net);
            assertThat(calls).as("no room").hasValue(0);
            while (pipe.read(60_000) > 0) {
                // until it is empty
            }
            net.until(() -> calls.get() >= 2);
            assertThat(net.loop().removeWriter(pipe.sink)).isTrue();
            int before = calls.get();
            lookAgain(net);
            assertThat(calls).hasValue(before);
        }
    }

    @TransportTest
    void theEndOfThePipeIsReportedUntilTheReaderIsRemoved(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            List<Integer> reads = new ArrayList<>();
            net.loop().addReader(pipe.source, () -> reads.add(pipe.read(1)));
            pipe.sink.close();
            net.until(() -> reads.size() == 3);
            assertThat(net.loop().removeReader(pipe.source)).isTrue();
            lookAgain(net);
            assertThat(reads).containsExactly(-1, -1, -1);
        }
    }

    @TransportTest
    void aWriterIsToldThatNobodyReadsAnyMore(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            while (pipe.write(60_000) > 0) {
                // until it is full
            }
            net.loop().addWriter(pipe.sink, this::count);
            pipe.source.close();
            net.until(() -> calls.get() > 0);
            assertThatThrownBy(() -> pipe.write(1)).hasMessageContaining("Broken pipe");
        }
    }

    @TransportTest
    void addingAgainReplacesTheCallback(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            AtomicInteger second = new AtomicInteger();
            pipe.write(1);
            net.loop().addReader(pipe.source, this::count);
            net.until(() -> calls.get() > 0);
            int before = calls.get();
            net.loop().addReader(pipe.source, second::incrementAndGet);
            net.until(() -> second.get() > 1);
            assertThat(calls).hasValue(before);
            assertThat(net.loop().removeReader(pipe.source)).isTrue();
            assertThat(net.loop().removeReader(pipe.source))
                    .as("there was one only")
                    .isFalse();
        }
    }

    @TransportTest
    void aReaderMayRemoveItselfAndComeBack(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            EventLoop loop = net.loop();
            pipe.write(2);
            loop.addReader(pipe.source, () -> {
                count();
                assertThat(pipe.read(1)).isEqualTo(1);
                assertThat(loop.removeReader(pipe.source)).isTrue();
                assertThat(loop.removeReader(pipe.source)).isFalse();
            });
            net.until(() -> calls.get() > 0);
            lookAgain(net);
            assertThat(calls).hasValue(1);
            loop.addReader(pipe.source, () -> {
                loop.removeReader(pipe.source);
                loop.addReader(pipe.source, () -> calls.addAndGet(pipe.read(1) * 10));
            });
            net.until(() -> calls.get() > 1);
            lookAgain(net);
            assertThat(calls).hasValue(11);
        }
    }

    @TransportTest
    void aReaderThatIsRemovedWhileItWaitsForItsTurnDoesNotRun(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe one = new ChannelPipe();
                ChannelPipe two = new ChannelPipe()) {
            one.write(1);
            two.write(1);
            net.loop().addReader(one.source, () -> {
                count();
                net.loop().removeReader(two.source);
            });
            net.loop().addReader(two.source, () -> {
                count();
                net.loop().removeReader(one.source);
            });
            net.until(() -> calls.get() > 0);
            boolean firstIsLeft = net.loop().removeReader(one.source);
            boolean secondIsLeft = net.loop().removeReader(two.source);
            assertThat(firstIsLeft).isNotEqualTo(secondIsLeft);
        }
    }

    @TransportTest
    void nothingRunsInsideThePoll(TransportProvider provider) {
        CountingTransport counting = new CountingTransport(provider);
        try (Net net = Net.on(counting);
                ChannelPipe pipe = new ChannelPipe()) {
            List<Boolean> inPoll = new ArrayList<>();
            pipe.write(1);
            net.loop().addReader(pipe.source, () -> inPoll.add(counting.isPolling()));
            net.until(() -> !inPoll.isEmpty());
            assertThat(inPoll).containsOnly(false);
        }
    }

    @TransportTest
    void aReaderThatFailsIsReportedAndStays(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            IllegalStateException failure = new IllegalStateException("of the reader");
            pipe.write(1);
            net.loop().addReader(pipe.source, () -> {
                count();
                if (calls.get() == 2) {
                    assertThat(pipe.read(1)).isEqualTo(1);
                }
                throw failure;
            });
            net.until(() -> calls.get() == 2);
            assertThat(net.takeFailures())
                    .hasSize(2)
                    .extracting(LoopFailure::exception)
                    .containsOnly(failure);
            pipe.write(1);
            net.until(() -> calls.get() == 3);
            assertThat(net.takeFailures()).hasSize(1);
            assertThat(net.loop().removeReader(pipe.source)).isTrue();
            assertThat(net.takeFailures()).isEmpty();
        }
    }

    @TransportTest
    void aReaderRunsInACopyOfItsAddersContextTheSameEachTime(TransportProvider provider) {
        ContextVar<Integer> number = ContextVar.of("number");
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            List<Integer> seen = new ArrayList<>();
            pipe.write(1);
            net.loop().callSoon(() -> {
                number.set(1);
                net.loop().addReader(pipe.source, () -> {
                    seen.add(number.get());
                    number.set(number.get() + 1);
                });
                number.set(100);
            });
            net.until(() -> seen.size() == 3);
            assertThat(seen).containsExactly(1, 2, 3);
        }
    }

    @TransportTest
    void channelsThatCannotBeWatchedAreRefused(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            assertThatThrownBy(() -> net.loop().addWriter(pipe.source, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the channel is never ready for writing, this kind cannot do it: ");
            assertThatThrownBy(() -> net.loop().addReader(pipe.sink, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the channel is never ready for reading, this kind cannot do it: ");
            pipe.source.configureBlocking(true);
            assertThatThrownBy(() -> net.loop().addReader(pipe.source, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the channel is in blocking mode: call configureBlocking(false) before");
            pipe.source.close();
            assertThatThrownBy(() -> net.loop().addReader(pipe.source, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the channel is closed and cannot be watched: ");
            assertThat(net.loop().removeReader(pipe.source)).isFalse();
        }
    }

    @TransportTest
    void onlyTheLoopThreadMayAddAndRemove(TransportProvider provider) {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            EventLoop loop = net.loop();
            net.turn();
            List<Runnable> uses = List.of(
                    () -> loop.addReader(pipe.source, this::count),
                    () -> loop.addWriter(pipe.sink, this::count),
                    () -> loop.removeReader(pipe.source),
                    () -> loop.removeWriter(pipe.sink),
                    () -> loop.addReader(0, this::count),
                    () -> loop.addWriter(0, this::count),
                    () -> loop.removeReader(0),
                    () -> loop.removeWriter(0));
            for (Runnable use : uses) {
                assertThatThrownBy(() -> CompletableFuture.runAsync(use).get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(NotLoopThreadException.class);
            }
        }
    }

    @TransportTest
    void closingTheLoopLeavesTheChannelsOpenAndFree(TransportProvider provider) throws Exception {
        try (ChannelPipe pipe = new ChannelPipe()) {
            EventLoop loop;
            try (Net net = Net.on(provider)) {
                loop = net.loop();
                pipe.write(1);
                loop.addReader(pipe.source, this::count);
                loop.addWriter(pipe.sink, this::count);
                net.until(() -> calls.get() > 1);
            }
            assertThat(pipe.source.isRegistered()).isFalse();
            assertThat(pipe.sink.isRegistered()).isFalse();
            pipe.source.configureBlocking(true);
            assertThat(pipe.read(2)).isEqualTo(1);
            assertThat(pipe.write(1)).isEqualTo(1);
            assertThat(pipe.read(2)).isEqualTo(1);
            assertThat(loop.removeReader(pipe.source)).isFalse();
            assertThatThrownBy(() -> loop.addWriter(pipe.sink, this::count)).isInstanceOf(LoopClosedException.class);
            assertThatThrownBy(() -> loop.addReader(0, this::count)).isInstanceOf(LoopClosedException.class);
        }
    }

    @TransportTest
    void aChannelIsFreeAsSoonAsItIsRemoved(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            net.loop().addReader(pipe.source, this::count);
            for (int i = 0; i < 100; i++) {
                assertThat(net.loop().removeReader(pipe.source)).isTrue();
                assertThat(pipe.source.isRegistered()).isFalse();
                pipe.source.configureBlocking(true);
                pipe.source.configureBlocking(false);
                net.loop().addReader(pipe.source, this::count);
                assertThat(pipe.source.isRegistered()).isTrue();
            }
            pipe.write(1);
            net.until(() -> calls.get() > 0);
        }
    }

    @TransportTest
    void aThousandChannelsAreWatchedAtOnce(TransportProvider provider) {
        List<ChannelPipe> pipes = new ArrayList<>();
        try (Net net = Net.on(provider)) {
            for (int i = 0; i < 1_000; i++) {
                ChannelPipe pipe = new ChannelPipe();
                pipes.add(pipe);
                net.loop().addReader(pipe.source, () -> {
                    if (pipe.read(8) == 1) {
                        count();
                    }
                });
            }
            for (int round = 1; round <= 3; round++) {
                pipes.forEach(pipe -> pipe.write(1));
                int expected = round * 1_000;
                net.until(() -> calls.get() >= expected);
                assertThat(calls).hasValue(expected);
            }
            for (ChannelPipe pipe : pipes) {
                assertThat(net.loop().removeReader(pipe.source)).isTrue();
            }
            pipes.forEach(pipe -> pipe.write(1));
            lookAgain(net);
            assertThat(calls).hasValue(3_000);
        } finally {
            pipes.forEach(ChannelPipe::close);
        }
    }

    @TransportTest
    void aClosedChannelIsNeverReadyAndIsRemovedLikeAnyOther(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            Pipe.SourceChannel source = pipe.source;
            net.loop().addReader(source, this::count);
            source.close();
            lookAgain(net);
            assertThat(calls).hasValue(0);
            assertThat(net.loop().removeReader(source)).isTrue();
            assertThat(net.loop().removeReader(source)).isFalse();
        }
    }
}
