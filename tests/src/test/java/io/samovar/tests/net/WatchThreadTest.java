package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.samovar.Promise;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** The thread that waits for channels where the loop's own transport cannot. */
@Timeout(60)
class WatchThreadTest {
    private static Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("samovar-selector"));
    }

    /** Those that began after these. */
    private static List<Thread> threadsBut(Set<Thread> before) {
        return threads().filter(thread -> !before.contains(thread)).toList();
    }

    private static Set<Thread> threadsNow() {
        return new HashSet<>(threads().toList());
    }

    @TransportTest
    void oneThreadServesALoopUntilThatIsClosedAndNioNeedsNone(TransportProvider provider) throws Exception {
        Set<Thread> before = threadsNow();
        List<Thread> started;
        try (Net net = Net.on(provider);
                ChannelPipe one = new ChannelPipe();
                ChannelPipe two = new ChannelPipe()) {
            Set<Thread> ranOn = new HashSet<>();
            AtomicInteger calls = new AtomicInteger();
            for (ChannelPipe pipe : List.of(one, two)) {
                pipe.write(1);
                net.loop().addReader(pipe.source, () -> {
                    ranOn.add(Thread.currentThread());
                    calls.addAndGet(pipe.read(8));
                });
            }
            net.until(() -> calls.get() == 2);
            assertThat(ranOn).containsExactly(Thread.currentThread());
            started = threadsBut(before);
            assertThat(started).hasSize(provider.name().equals("nio") ? 0 : 1).allMatch(Thread::isDaemon);
        }
        for (Thread thread : started) {
            thread.join(Net.LIMIT_MILLIS);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @TransportTest
    void itEndsEvenIfTheLoopIsClosedBeforeItHasTakenWhatIsReady(TransportProvider provider) throws Exception {
        Set<Thread> before = threadsNow();
        List<Thread> started;
        try (ChannelPipe pipe = new ChannelPipe();
                Net net = Net.on(provider)) {
            pipe.write(1);
            net.loop().addReader(pipe.source, () -> {});
            started = threadsBut(before);
        }
        for (Thread thread : started) {
            thread.join(Net.LIMIT_MILLIS);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @TransportTest
    void itSleepsWhileNothingIsReady(TransportProvider provider) {
        assumeFalse(provider.name().equals("nio"), "NIO needs no thread");
        Set<Thread> before = threadsNow();
        try (Net net = Net.on(provider);
                ChannelPipe pipe = new ChannelPipe()) {
            AtomicInteger calls = new AtomicInteger();
            net.loop().addReader(pipe.source, () -> calls.addAndGet(pipe.read(8)));
            net.loop().addWriter(pipe.sink, calls::incrementAndGet);
            pipe.write(1);
            net.until(() -> calls.get() > 3);
            net.loop().removeWriter(pipe.sink);
            Thread thread = threadsBut(before).get(0);
            long cpuBefore = cpuMillis(thread);
            Promise<@Nullable Void> over = net.loop().createFuture();
            net.loop().callLater(Duration.ofMillis(200), () -> over.setResult(null));
            net.run(over);
            assertThat(cpuMillis(thread) - cpuBefore).isLessThan(50);
        }
    }

    private static long cpuMillis(Thread thread) {
        @SuppressWarnings("deprecation") // threadId() is not in Java 17
        long id = thread.getId();
        return TimeUnit.NANOSECONDS.toMillis(ManagementFactory.getThreadMXBean().getThreadCpuTime(id));
    }

    @TransportTest
    void noByteIsForgottenWhileReadersComeAndGo(TransportProvider provider) {
        int bytes = 3_000;
        List<ChannelPipe> pipes = new ArrayList<>();
        try (Net net = Net.on(provider)) {
            AtomicInteger read = new AtomicInteger();
            for (int i = 0; i < 8; i++) {
                pipes.add(new ChannelPipe());
            }
            CompletableFuture<Boolean> written = new CompletableFuture<>();
            Peer.onAThreadOfItsOwn(() -> {
                for (int i = 0; i < bytes; i++) {
                    pipes.get(i % pipes.size()).write(1);
                }
                written.complete(true);
            });
            Random random = new Random(1);
            for (ChannelPipe pipe : pipes) {
                net.loop().addReader(pipe.source, () -> {
                    read.addAndGet(Math.max(0, pipe.read(1)));
                    ChannelPipe other = pipes.get(random.nextInt(pipes.size()));
                    if (net.loop().removeReader(other.source)) {
                        net.loop().addReader(other.source, () -> read.addAndGet(Math.max(0, other.read(2))));
                    }
                });
            }
            net.until(() -> read.get() == bytes);
            assertThat(net.run(written)).isTrue();
            assertThat(pipes).allMatch(pipe -> net.loop().removeReader(pipe.source));
        } finally {
            pipes.forEach(ChannelPipe::close);
        }
    }
}
