package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.FileDescriptor;
import io.samovar.EventLoop;
import io.samovar.net.NetworkException;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NativeSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code addReader} and {@code addWriter} with the numbers of descriptors, where the transport knows them. */
@Timeout(60)
class WatchDescriptorTest {
    private final AtomicInteger calls = new AtomicInteger();

    private void count() {
        calls.incrementAndGet();
    }

    private static Net onNative(TransportProvider provider) {
        assumeFalse(provider.name().equals("nio"), "NIO does not know descriptors");
        return Net.on(provider);
    }

    @TransportTest
    void nioRefusesADescriptorAndSaysWhatToUse(TransportProvider provider) {
        assumeTrue(provider.name().equals("nio"));
        try (Net net = Net.on(provider)) {
            String sentence = "transport nio cannot watch descriptor 7 by its number: use transport epoll or kqueue"
                    + " (system property samovar.transport), or watch a SelectableChannel";
            assertThatThrownBy(() -> net.loop().addReader(7, this::count))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(sentence);
            assertThatThrownBy(() -> net.loop().addWriter(7, this::count)).hasMessage(sentence);
            assertThat(net.loop().removeReader(7)).isFalse();
        }
    }

    @TransportTest
    void aReaderIsCalledOnceInEachIterationUntilItHasReadEverything(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe pipe = new DescriptorPipe()) {
            net.loop().addReader(pipe.source(), this::count);
            net.turn();
            assertThat(calls).as("nothing to read").hasValue(0);
            pipe.send(2);
            for (int turn = 1; turn <= 3; turn++) {
                net.turn();
                assertThat(calls).hasValue(turn);
            }
            assertThat(pipe.read(1)).isEqualTo(1);
            net.turn();
            assertThat(calls).as("one byte is left").hasValue(4);
            assertThat(pipe.read(1)).isEqualTo(1);
            net.turn();
            assertThat(calls).hasValue(4);
        }
    }

    @TransportTest
    void aWriterIsCalledOnceInEachIterationAsLongAsThereIsRoom(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe pipe = new DescriptorPipe()) {
            net.loop().addWriter(pipe.sink(), this::count);
            net.turn();
            net.turn();
            assertThat(calls).hasValue(2);
            while (pipe.send(4_096) > 0) {
                // until it is full
            }
            net.turn();
            assertThat(calls).hasValue(2);
            assertThat(pipe.read(8_192)).isPositive();
            net.turn();
            assertThat(calls).hasValue(3);
        }
    }

    @TransportTest
    void theEndOfThePipeIsReportedUntilTheReaderIsRemoved(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe pipe = new DescriptorPipe()) {
            List<Integer> reads = new ArrayList<>();
            net.loop().addReader(pipe.source(), () -> reads.add(pipe.read(1)));
            pipe.closeSink();
            net.turn();
            net.turn();
            assertThat(net.loop().removeReader(pipe.source())).isTrue();
            net.turn();
            assertThat(reads).containsExactly(-1, -1);
        }
    }

    @TransportTest
    void aWriterIsToldThatNobodyReadsAnyMore(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe pipe = new DescriptorPipe()) {
            while (pipe.send(4_096) > 0) {
                // until it is full
            }
            net.loop().addWriter(pipe.sink(), this::count);
            pipe.closeSource();
            net.turn();
            assertThat(calls).hasValue(1);
            assertThatThrownBy(() -> pipe.write(1)).isInstanceOf(IOException.class);
        }
    }

    @TransportTest
    void addingAgainReplacesTheCallbackEvenIfThatIsQueued(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe one = new DescriptorPipe();
                DescriptorPipe two = new DescriptorPipe()) {
            AtomicInteger second = new AtomicInteger();
            for (DescriptorPipe pipe : List.of(one, two)) {
                DescriptorPipe other = pipe == one ? two : one;
                pipe.send(1);
                net.loop().addReader(pipe.source(), () -> {
                    count();
                    assertThat(net.loop().removeReader(pipe.source())).isTrue();
                    net.loop().addReader(other.source(), second::incrementAndGet);
                });
            }
            net.turn();
            assertThat(calls).as("the other one was queued").hasValue(1);
            assertThat(second).hasValue(0);
            net.turn();
            assertThat(calls).hasValue(1);
            assertThat(second).hasValue(1);
        }
    }

    @TransportTest
    void aReaderThatIsRemovedWhileItIsQueuedDoesNotRun(TransportProvider provider) {
        try (Net net = onNative(provider);
                DescriptorPipe one = new DescriptorPipe();
                DescriptorPipe two = new DescriptorPipe()) {
            for (DescriptorPipe pipe : List.of(one, two)) {
                DescriptorPipe other = pipe == one ? two : one;
                pipe.send(1);
                net.loop().addReader(pipe.source(), () -> {
                    count();
                    assertThat(net.loop().removeReader(other.source())).isTrue();
                });
            }
            net.turn();
            assertThat(calls).hasValue(1);
        }
    }

    @TransportTest
    void readerAndWriterOfOneDescriptorAreIndependent(TransportProvider provider) throws Exception {
        try (Net net = onNative(provider);
                ForeignSockets pair = new ForeignSockets()) {
            AtomicInteger writes = new AtomicInteger();
            EventLoop loop = net.loop();
            int descriptor = pair.ours();
            loop.addReader(descriptor, this::count);
            loop.addWriter(descriptor, writes::incrementAndGet);
            net.turn();
            assertThat(calls).hasValue(0);
            assertThat(writes).hasValue(1);
            pair.sendFromTheOther(1);
            net.turn();
            assertThat(calls).hasValue(1);
            assertThat(writes).hasValue(2);
            assertThat(loop.removeWriter(descriptor)).isTrue();
            assertThat(loop.removeWriter(descriptor)).isFalse();
            net.turn();
            assertThat(calls).hasValue(2);
            assertThat(writes).hasValue(2);
            loop.addWriter(descriptor, writes::incrementAndGet);
            assertThat(loop.removeReader(descriptor)).isTrue();
            net.turn();
            assertThat(calls).hasValue(2);
            assertThat(writes).hasValue(3);
            assertThat(loop.removeWriter(descriptor)).isTrue();
            net.turn();
            assertThat(writes).hasValue(3);
        }
    }

    @TransportTest
    void aThousandDescriptorsAreWatchedRemovedAndWatchedAgainWithinOneIteration(TransportProvider provider) {
        List<DescriptorPipe> pipes = new ArrayList<>();
        try (Net net = onNative(provider)) {
            for (int i = 0; i < 1_000; i++) {
                pipes.add(new DescriptorPipe());
            }
            for (int round = 1; round <= 3; round++) {
                for (DescriptorPipe pipe : pipes) {
                    net.loop().addReader(pipe.source(), () -> calls.addAndGet(pipe.read(8)));
                    net.loop().addWriter(pipe.sink(), this::count);
                    assertThat(net.loop().removeWriter(pipe.sink())).isTrue();
                    assertThat(net.loop().removeReader(pipe.source())).isTrue();
                    net.loop().addReader(pipe.source(), () -> calls.addAndGet(pipe.read(8)));
                    pipe.send(1);
                }
                int expected = round * 1_000;
                net.until(() -> calls.get() >= expected);
                net.turn();
                assertThat(calls).hasValue(expected);
            }
            for (DescriptorPipe pipe : pipes) {
                assertThat(net.loop().removeReader(pipe.source())).isTrue();
                pipe.send(1);
            }
            net.turn();
            assertThat(calls).hasValue(3_000);
        } finally {
            pipes.forEach(DescriptorPipe::close);
        }
    }

    @TransportTest
    void manyThatAreRemovedAtOnceLeaveTheLoopAsleep(TransportProvider provider) {
        CountingTransport counting = new CountingTransport(provider);
        List<DescriptorPipe> pipes = new ArrayList<>();
        try (LogCapture netty = new LogCapture("io.netty");
                Net net = onNative(counting)) {
            for (int i = 0; i < 1_000; i++) {
                DescriptorPipe pipe = new DescriptorPipe();
                pipes.add(pipe);
                net.loop().addReader(pipe.source(), this::count);
            }
            net.turn();
            for (DescriptorPipe pipe : pipes) {
                pipe.send(1);
                net.loop().addWriter(pipe.sink(), this::count);
                net.loop().removeWriter(pipe.sink());
                net.loop().removeReader(pipe.source());
            }
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
            assertThat(calls).hasValue(0);
            assertThat(netty.messages()).isEmpty();
        } finally {
            pipes.forEach(DescriptorPipe::close);
        }
    }

    @TransportTest
    void descriptorsThatCannotBeWatchedAreRefused(TransportProvider provider, @TempDir Path directory)
            throws Exception {
        try (Net net = onNative(provider);
                DescriptorPipe pipe = new DescriptorPipe()) {
            assertThatThrownBy(() -> net.loop().addReader(-1, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a descriptor is not negative: -1");
            pipe.closeSource();
            assertThatThrownBy(() -> net.loop().addReader(pipe.source(), this::count))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageStartingWith("watch descriptor " + pipe.source() + ": ")
                    .hasMessageContaining("Bad file descriptor");
            assertThat(net.loop().removeReader(pipe.source())).isFalse();
            if (provider.name().equals("epoll")) { // a kqueue watches files
                FileDescriptor file = FileDescriptor.from(
                        Files.createFile(directory.resolve("file")).toFile());
                assertThatThrownBy(() -> net.loop().addReader(file.intValue(), this::count))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("descriptor " + file.intValue() + " cannot be watched: it is a regular file or a"
                                + " directory, which is always ready (EPERM)");
                assertThat(net.loop().removeReader(file.intValue())).isFalse();
                file.close();
            } else {
                assertThatThrownBy(() -> net.loop().addReader(0, this::count))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage(
                                "transport kqueue cannot watch descriptor 0, for Netty has another use for that number:"
                                        + " duplicate it and watch the other one");
            }
        }
    }

    @TransportTest
    void theDescriptorOfAStreamOfTheLoopIsRefusedAsLongAsItIsOpen(TransportProvider provider) {
        try (Net net = onNative(provider)) {
            StreamSocket stream = net.loop().transport().stream();
            int descriptor = ((NativeSocket) stream).fd().intValue();
            assertThatThrownBy(() -> net.loop().addReader(descriptor, this::count))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("descriptor " + descriptor
                            + " belongs to a socket of this transport, which alone may wait for it");
            stream.close();
            try (DescriptorPipe pipe = new DescriptorPipe()) {
                assumeTrue(pipe.source() == descriptor, "the number was taken by another thread");
                net.loop().addReader(descriptor, this::count);
                pipe.send(1);
                net.turn();
                assertThat(calls).hasValue(1);
            }
        }
    }

    @TransportTest
    void whoForgetsToRemoveAReaderHarmsNoSocketThatGetsItsNumber(TransportProvider provider) throws Exception {
        try (Net net = onNative(provider);
                ServerSocket listener = new ServerSocket(0, 1, Net.loopback(0).getAddress())) {
            DescriptorPipe pipe = new DescriptorPipe();
            net.loop().addReader(pipe.source(), this::count);
            net.turn();
            pipe.close();
            StreamSocket stream = net.loop().transport().stream();
            assumeTrue(((NativeSocket) stream).fd().intValue() == pipe.source(), "another thread took the number");
            AtomicInteger readable = new AtomicInteger();
            stream.listener((reading, writing) -> readable.addAndGet(reading ? 1 : 0));
            stream.connect((InetSocketAddress) listener.getLocalSocketAddress());
            net.until(stream::finishConnect);
            assertThat(net.loop().removeReader(pipe.source())).isTrue();
            assertThat(net.loop().removeReader(pipe.source())).isFalse();
            try (Socket peer = listener.accept()) {
                peer.getOutputStream().write(1);
                net.until(() -> readable.get() > 0);
            }
            stream.close();
            assertThat(calls).hasValue(0);
        }
    }

    @TransportTest
    void aNumberThatWasClosedAndIsAnotherPipesCanBeWatchedAgain(TransportProvider provider) {
        try (Net net = onNative(provider)) {
            DescriptorPipe first = new DescriptorPipe();
            net.loop().addReader(first.source(), this::count);
            net.turn();
            first.close();
            try (DescriptorPipe second = new DescriptorPipe()) {
                assumeTrue(second.source() == first.source(), "the number was taken by another thread");
                net.loop().addReader(second.source(), () -> calls.addAndGet(10));
                second.send(1);
                net.turn();
                assertThat(calls).hasValue(10);
                assertThat(net.loop().removeReader(second.source())).isTrue();
                net.turn();
                assertThat(calls).hasValue(10);
            }
        }
    }

    @TransportTest
    void closingTheLoopLeavesTheDescriptorsOpen(TransportProvider provider) {
        try (DescriptorPipe pipe = new DescriptorPipe()) {
            try (Net net = onNative(provider)) {
                net.loop().addReader(pipe.source(), this::count);
                net.loop().addWriter(pipe.sink(), this::count);
                net.turn();
            }
            assertThat(pipe.send(3)).isEqualTo(3);
            assertThat(pipe.read(8)).isEqualTo(3);
        }
    }
}
