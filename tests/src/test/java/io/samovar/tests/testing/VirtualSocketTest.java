package io.samovar.tests.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.samovar.EventLoop;
import io.samovar.net.AddressInUseException;
import io.samovar.net.BrokenPipeException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.testing.VirtualClock;
import io.samovar.transport.Errno;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sockets in memory keep the contract that the real transports' sockets keep. */
class VirtualSocketTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.7", 7);

    private final List<String> reported = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private final EventLoop loop = clock.builder()
            .exceptionHandler((failing, failure) -> reported.add(failure.message() + ": " + failure.exception()))
            .open();
    private final Transport transport = loop.transport();
    private final ByteBuf memory = ByteBufAllocator.DEFAULT.directBuffer(64, 64);

    /** What a listener was told. */
    private static final class Events implements ReadinessListener {
        int readable;
        int writable;
        int closed;
        Runnable then = () -> {};

        @Override
        public void ready(boolean isReadable, boolean isWritable) {
            readable += isReadable ? 1 : 0;
            writable += isWritable ? 1 : 0;
            then.run();
        }

        @Override
        public void closed() {
            closed++;
        }

        void forget() {
            readable = 0;
            writable = 0;
        }
    }

    private final ListenSocket listener = listen(8);
    private final Events arrivals = new Events();
    private final Events clientEvents = new Events();
    private final Events serverEvents = new Events();
    private final StreamSocket client = transport.stream();

    VirtualSocketTest() {
        listener.listener(arrivals);
        client.listener(clientEvents);
    }

    private ListenSocket listen(int backlog) {
        return transport.listen(new ListenOptions(ADDRESS, backlog, false));
    }

    @AfterEach
    void closeEverything() {
        memory.release();
        loop.close();
    }

    private void poll() {
        transport.poll(0);
    }

    /** Connects the client, and gives the end that was accepted. */
    private StreamSocket connected() {
        assertThat(client.connect(ADDRESS)).isFalse();
        poll();
        poll();
        assertThat(client.finishConnect()).isTrue();
        StreamSocket accepted = listener.accept();
        accepted.listener(serverEvents);
        poll();
        clientEvents.forget();
        serverEvents.forget();
        return accepted;
    }

    private int write(StreamSocket socket, String text) {
        ByteBuf bytes = Texts.bytes(text);
        try {
            int written = socket.write(bytes);
            assertThat(bytes.readableBytes()).as("stays as it was").isEqualTo(text.length());
            return written;
        } finally {
            bytes.release();
        }
    }

    private String read(StreamSocket socket) {
        int bytes = socket.read(memory.clear());
        return bytes < 0 ? "(end)" : memory.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void assertFails(
            Runnable operation, Class<? extends NetworkException> type, Errno errno, String doing) {
        assertThatThrownBy(operation::run)
                .isExactlyInstanceOf(type)
                .hasMessageStartingWith(doing + ": ")
                .hasMessageEndingWith(" (" + errno + ")")
                .extracting(failure -> ((NetworkException) failure).errno())
                .isEqualTo(errno.number(false));
    }

    @Test
    void aConnectStandsAfterItsReport() {
        assertThat(client.connect(ADDRESS)).isFalse();
        assertThat(client.finishConnect()).isFalse();
        poll();
        assertThat(arrivals.readable).isOne();
        poll();
        assertThat(clientEvents.writable).isOne();
        assertThat(client.finishConnect()).isTrue();
        assertThat(client.finishConnect()).as("asked once more").isTrue();
    }

    @Test
    void bothEndsAgreeOnTheirAddresses() {
        assertThat(client.localAddress()).isNull();
        assertThat(client.remoteAddress()).isNull();
        StreamSocket server = connected();
        assertThat(client.remoteAddress()).isEqualTo(ADDRESS).isEqualTo(server.localAddress());
        assertThat(client.localAddress()).isEqualTo(server.remoteAddress());
        assertThat(client.localAddress().getPort()).isPositive();
        server.reset();
        poll();
        assertThat(client.remoteAddress()).as("after a reset").isEqualTo(ADDRESS);
    }

    @Test
    void theLocalEndIsTheOneThatWasBound() {
        InetSocketAddress here = new InetSocketAddress("10.0.0.1", 4_000);
        client.bind(here);
        assertThat(client.localAddress()).isEqualTo(here);
        assertThat(connected().remoteAddress()).isEqualTo(here);
        StreamSocket other = transport.stream();
        assertFails(() -> other.bind(here), AddressInUseException.class, Errno.EADDRINUSE, "bind to " + here);
        client.close();
        other.bind(here);
    }

    @Test
    void bytesAreReportedOnceUntilAReadWouldBlock() {
        StreamSocket server = connected();
        write(client, "a");
        assertThat(read(server)).as("before any report").isEmpty();
        poll();
        write(client, "b");
        poll();
        poll();
        assertThat(serverEvents.readable).isOne();
        assertThat(read(server)).isEqualTo("ab");
        assertThat(read(server)).isEmpty();
        write(client, "c");
        poll();
        assertThat(serverEvents.readable).isEqualTo(2);
        assertThat(read(server)).isEqualTo("c");
    }

    @Test
    void aReadThatFillsTheBufferIsFollowedByAnotherWithoutAReport() {
        StreamSocket server = connected();
        write(client, "samovar");
        poll();
        memory.clear().writerIndex(memory.capacity() - 3);
        assertThat(server.read(memory)).isEqualTo(3);
        assertThat(read(server)).isEqualTo("ovar");
    }

    @Test
    void whatCameBeforeTheAcceptIsReportedSoonAfterIt() {
        assertThat(client.connect(ADDRESS)).isFalse();
        poll();
        poll();
        write(client, "early");
        poll();
        StreamSocket server = listener.accept();
        server.listener(serverEvents);
        assertThat(read(server)).isEmpty();
        poll();
        assertThat(serverEvents.readable).isOne();
        assertThat(read(server)).isEqualTo("early");
    }

    @Test
    void aSocketThatStaysWritableIsNotReportedAgain() {
        StreamSocket server = connected();
        for (int i = 0; i < 10; i++) {
            assertThat(write(client, "x")).isOne();
            poll();
            assertThat(read(server)).isEqualTo("x");
        }
        assertThat(clientEvents.writable).isZero();
    }

    @Test
    void aWriteThatDoesNotFitIsPartialAndItsSocketIsReportedWhenThePeerHasRead() {
        StreamSocket server = connected();
        client.listener(clientEvents);
        clock.network().connections().get(0).capacity(5);
        assertThat(write(client, "samovar")).isEqualTo(5);
        assertThat(write(client, "ar")).as("would block").isZero();
        poll();
        assertThat(clientEvents.writable).isZero();
        assertThat(read(server)).isEqualTo("samov");
        poll();
        assertThat(clientEvents.writable).isOne();
        assertThat(write(client, "ar")).isEqualTo(2);
    }

    @Test
    void aGatheringWriteTakesTheBuffersInTheirOrderUpToTheChunk() {
        StreamSocket server = connected();
        ByteBuf[] buffers = {Texts.bytes("not this"), Texts.bytes("sa"), Texts.bytes(""), Texts.bytes("movar")};
        assertThat(client.write(buffers, 1, 3)).isEqualTo(7);
        poll();
        assertThat(read(server)).isEqualTo("samovar");
        clock.network().connections().get(0).writesAtMost(3);
        assertThat(client.write(buffers, 1, 3)).isEqualTo(3);
        poll();
        assertThat(read(server)).isEqualTo("sam");
        assertThat(clientEvents.writable).as("the rest may be tried").isOne();
        for (ByteBuf buffer : buffers) {
            buffer.release();
        }
    }

    @Test
    void theEndComesBehindTheBytesAndStaysTheEnd() {
        StreamSocket server = connected();
        write(client, "all");
        client.shutdownOutput();
        client.shutdownOutput();
        poll();
        assertThat(read(server)).isEqualTo("all");
        assertThat(read(server)).isEqualTo("(end)");
        assertThat(read(server)).isEqualTo("(end)");
        assertFails(() -> write(client, "more"), BrokenPipeException.class, Errno.EPIPE, "write");
        assertThat(write(server, "back")).isEqualTo(4);
        poll();
        assertThat(read(client)).isEqualTo("back");
    }

    @Test
    void aResetIsToldOnceAndBehindTheBytes() {
        StreamSocket server = connected();
        write(client, "kept");
        client.reset();
        poll();
        assertThat(read(server)).isEqualTo("kept");
        assertFails(() -> read(server), ConnectionResetException.class, Errno.ECONNRESET, "read");
        assertThat(read(server)).isEqualTo("(end)");
        assertFails(() -> write(server, "x"), BrokenPipeException.class, Errno.EPIPE, "write");
        server.shutdownOutput();
    }

    @Test
    void aResetIsFoundByAWriteToo() {
        StreamSocket server = connected();
        client.reset();
        poll();
        assertThat(serverEvents.readable).isOne();
        assertThat(serverEvents.writable).isOne();
        assertFails(() -> write(server, "x"), ConnectionResetException.class, Errno.ECONNRESET, "write");
    }

    @Test
    void aSocketThatDoesNotLingerIsClosedWithAReset() {
        StreamSocket server = connected();
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
        poll();
        assertFails(() -> read(server), ConnectionResetException.class, Errno.ECONNRESET, "read");
    }

    @Test
    void aFullBacklogLetsClientsWait() {
        listener.close();
        try (ListenSocket narrow = listen(1)) {
            narrow.listener(arrivals);
            List<StreamSocket> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                StreamSocket next = transport.stream();
                next.listener(new Events());
                assertThat(next.connect(ADDRESS)).isFalse();
                clients.add(next);
            }
            poll();
            poll();
            assertThat(clients).extracting(StreamSocket::finishConnect).containsExactly(true, false, false);
            clients.get(1).close();
            assertThat(narrow.accept()).isNotNull();
            assertThat(narrow.accept()).isNull();
            poll();
            poll();
            assertThat(clients.get(2).finishConnect()).isTrue();
            assertThat(narrow.accept().remoteAddress()).isEqualTo(clients.get(2).localAddress());
        }
    }

    @Test
    void aClosedListenerResetsWhomNobodyAcceptedAndRefusesTheOthers() {
        assertThat(client.connect(ADDRESS)).isFalse();
        poll();
        poll();
        listener.close();
        listener.close();
        poll();
        assertFails(() -> read(client), ConnectionResetException.class, Errno.ECONNRESET, "read");
        StreamSocket late = transport.stream();
        late.listener(new Events());
        assertThat(late.connect(ADDRESS)).isFalse();
        poll();
        poll();
        assertFails(late::finishConnect, ConnectionRefusedException.class, Errno.ECONNREFUSED, "connect to " + ADDRESS);
        assertThat(listener.localAddress()).isEqualTo(ADDRESS);
        assertThatThrownBy(listener::accept).isInstanceOf(StreamClosedException.class);
    }

    @Test
    void listenersMayShareAnAddressIfAllWantTo() {
        InetSocketAddress shared = new InetSocketAddress("192.0.2.7", 8);
        ListenSocket first = transport.listen(new ListenOptions(shared, 1, true));
        ListenSocket second = transport.listen(new ListenOptions(shared, 1, true));
        assertFails(
                () -> transport.listen(new ListenOptions(shared, 1, false)),
                AddressInUseException.class,
                Errno.EADDRINUSE,
                "listen on " + shared);
        first.listener(arrivals);
        second.listener(arrivals);
        for (int i = 0; i < 2; i++) {
            StreamSocket next = transport.stream();
            next.listener(new Events());
            assertThat(next.connect(shared)).isFalse();
        }
        poll();
        assertThat(first.accept()).isNotNull();
        assertThat(second.accept()).isNotNull();
    }

    @Test
    void portZeroIsAnyFreePort() {
        ListenSocket one = transport.listen(new ListenOptions(new InetSocketAddress("2001:db8::1", 0), 1, false));
        ListenSocket other = transport.listen(new ListenOptions(new InetSocketAddress(0), 1, false));
        assertThat(one.localAddress().getPort())
                .isPositive()
                .isNotEqualTo(other.localAddress().getPort());
    }

    @Test
    void everyOperationOnAClosedSocketSaysSo() {
        StreamSocket server = connected();
        server.close();
        server.close();
        server.reset();
        assertThat(server.isOpen()).isFalse();
        for (Runnable operation : List.<Runnable>of(
                () -> read(server),
                () -> write(server, "x"),
                server::shutdownOutput,
                server::finishConnect,
                () -> server.setOption(StandardSocketOptions.TCP_NODELAY, true))) {
            assertThatThrownBy(operation::run)
                    .isExactlyInstanceOf(StreamClosedException.class)
                    .hasMessageEndingWith(": the socket is closed");
        }
        write(client, "x");
        poll();
        assertThat(serverEvents.readable).isZero();
    }

    @Test
    void closingTheTransportTellsEachListenerOnce() {
        StreamSocket server = connected();
        StreamSocket closedBefore = transport.stream();
        Events quiet = new Events();
        closedBefore.listener(quiet);
        closedBefore.close();
        loop.close();
        assertThat(List.of(clientEvents.closed, serverEvents.closed, arrivals.closed, quiet.closed))
                .containsExactly(1, 1, 1, 0);
        assertThat(server.isOpen()).isFalse();
        assertThatThrownBy(() -> read(client)).isInstanceOf(StreamClosedException.class);
    }

    @Test
    void whatAListenerThrowsIsReportedAndHoldsNothingUp() {
        StreamSocket server = connected();
        clientEvents.then = () -> {
            throw new IllegalStateException("on purpose");
        };
        write(server, "x");
        write(client, "y");
        poll();
        assertThat(reported)
                .containsExactly("exception in a readiness listener: java.lang.IllegalStateException: on purpose");
        assertThat(read(server)).isEqualTo("y");
    }

    @Test
    void optionsKeepWhatTheyWereGiven() {
        assertThat(client.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        assertThat(client.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        SocketOption<Boolean> unknown = StandardSocketOptions.SO_BROADCAST;
        assertThatThrownBy(() -> client.setOption(unknown, true)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> client.getOption(unknown)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anUnresolvedAddressIsAMistakeThatTheMessageTellsHowToMend() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("example.org", 80);
        assertThatThrownBy(() -> client.connect(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example.org is not resolved");
    }
}
