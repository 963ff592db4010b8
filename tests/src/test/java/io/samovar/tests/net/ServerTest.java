package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class ServerTest {
    static Coroutine<Void> echo(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            await(peer.write(data));
        }
        return Coroutine.done();
    }

    @TransportTest
    void aServerRunsItsHandlerForEachConnection(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer one = net.connectTo(server);
            Peer two = net.connectTo(server);
            one.send("one");
            two.send("two");
            assertThat(text(net.run(two.read(3)))).isEqualTo("two");
            assertThat(text(net.run(one.read(3)))).isEqualTo("one");
            assertThat(server.connections()).isEqualTo(2);
            one.close();
            two.close();
            server.close();
            net.run(server.waitClosed());
            assertThat(server.connections()).isZero();
        }
    }

    @TransportTest
    void portZeroLetsTheSystemChoose(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer one = net.serve(ServerTest::echo);
            TcpServer two = net.serve(ServerTest::echo);
            assertThat(one.address().getPort())
                    .isPositive()
                    .isNotEqualTo(two.address().getPort());
            assertThat(one.address().getAddress().isLoopbackAddress()).isTrue();
            assertThat(one).hasToString("TcpServer(" + one.address() + ")");
            one.close();
            assertThat(one).hasToString("TcpServer(" + one.address() + ", closed)");
            two.close();
        }
    }

    @TransportTest
    @Tag("L16")
    void peersThatGaveUpDoNotKeepTheOthersFromBeingAccepted(TransportProvider provider) {
        try (Net net = Net.on(new AbortingTransport(provider))) {
            // Two tries in one iteration, so one connection at most: the server has to come back by itself.
            TcpServer server = net.serve(TcpServer.bind(Net.loopback(0)).acceptBudget(2), ServerTest::echo);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                peers.add(net.connectTo(server));
            }
            for (Peer peer : peers) {
                peer.send("tea");
                assertThat(text(net.run(peer.read(3)))).isEqualTo("tea");
                peer.close();
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void anAddressInUseIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer first = net.serve(ServerTest::echo);
            net.turn(); // what was closed before is freed in a poll
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.serve(TcpServer.bind(first.address()), ServerTest::echo))
                    .isInstanceOf(AddressInUseException.class)
                    .hasMessage("listen on " + first.address() + ": address already in use (EADDRINUSE)");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
            first.close();
        }
    }

    @TransportTest
    void anAddressOfAnotherMachineIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            assertThatThrownBy(() -> net.serve(TcpServer.bind(new InetSocketAddress("192.0.2.1", 0)), ServerTest::echo))
                    .isInstanceOf(AddressNotAvailableException.class);
        }
    }

    @TransportTest
    void anUnresolvedAddressIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> net.serve(
                            TcpServer.bind(InetSocketAddress.createUnresolved("kettle", 7)), ServerTest::echo))
                    .withMessageContaining("the address kettle is not resolved");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void anAddressIsFreeAgainWhenItsServerIsClosed(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer first = net.serve(ServerTest::echo);
            Peer peer = net.connectTo(first);
            peer.send("x");
            net.run(peer.read(1));
            first.close();
            TcpServer second = net.serve(TcpServer.bind(first.address()), ServerTest::echo);
            assertThat(second.address()).isEqualTo(first.address());
            peer.close();
            net.run(first.waitClosed());
            second.close();
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void serversShareAnAddressWithReusePort(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int[] served = new int[2];
            TcpServer one = net.serve(TcpServer.bind(Net.loopback(0)).reusePort(true), peer -> {
                served[0]++;
                return Coroutine.done();
            });
            TcpServer two = net.serve(TcpServer.bind(one.address()).reusePort(true), peer -> {
                served[1]++;
                return Coroutine.done();
            });
            assertThat(two.address()).isEqualTo(one.address());
            for (int i = 0; i < 40; i++) {
                net.run(net.connectTo(one).readToTheEnd());
            }
            assertThat(served[0] + served[1]).isEqualTo(40);
            assertThat(served[0]).as("the kernel spreads them").isBetween(1, 39);
            one.close();
            two.close();
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void noMoreThanTheBacklogWaitToBeAccepted(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(TcpServer.bind(Net.loopback(0)).backlog(2), ServerTest::echo);
            List<Socket> queued = new ArrayList<>();
            // The loop does not run, so nobody accepts. Linux queues one more than it was asked for.
            assertThatThrownBy(() -> {
                        while (queued.size() < 10) {
                            Socket socket = new Socket();
                            queued.add(socket);
                            socket.connect(server.address(), 200);
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(queued).hasSizeBetween(3, 5);
            for (Socket socket : queued) {
                socket.close();
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void theConnectionAfterTheLastAllowedOneWaitsUntilAnotherCloses(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(TcpServer.bind(Net.loopback(0)).maxConnections(2), ServerTest::echo);
            Peer one = net.connectTo(server);
            Peer two = net.connectTo(server);
            Peer three = net.connectTo(server);
            Peer four = net.connectTo(server);
            three.send("three");
            four.send("four");
            for (Peer peer : List.of(one, two)) {
                peer.send("x");
                net.run(peer.read(1));
            }
            for (int i = 0; i < 10; i++) {
                net.turn();
            }
            assertThat(server.connections()).isEqualTo(2);
            one.close();
            assertThat(text(net.run(three.read(5)))).isEqualTo("three");
            assertThat(server.connections()).isEqualTo(2);
            two.reset();
            assertThat(text(net.run(four.read(4)))).isEqualTo("four");
            server.close();
            server.abortClients();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void serveGoesOnUntilItIsCancelledAndLeavesTheConnectionsToTheirTasks(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            InetSocketAddress address = freePort();
            Task<Void> serving = net.start(() -> TcpServer.serve(address, ServerTest::echo));
            Peer peer = Peer.connect(address);
            peer.send("x");
            net.run(peer.read(1));
            assertThat(serving.isDone()).isFalse();
            serving.cancel();
            assertThatThrownBy(() -> net.run(serving)).isInstanceOf(CancelledError.class);
            assertThatThrownBy(() -> net.run(TcpStream.connect(address)))
                    .isInstanceOf(ConnectionRefusedException.class);
            peer.send("still here");
            assertThat(text(net.run(peer.read(10)))).isEqualTo("still here");
            peer.close();
            net.until(() -> net.loop().allTasks().isEmpty());
        }
    }

    @TransportTest
    void serveFailsWhenTheAddressIsInUse(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer first = net.serve(ServerTest::echo);
            assertThatThrownBy(() -> net.run(TcpServer.serve(first.address(), ServerTest::echo)))
                    .isInstanceOf(AddressInUseException.class);
            first.close();
        }
    }

    @TransportTest
    void aHandlerMayStartAnotherServer(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Promise<TcpServer> inner = net.loop().createFuture();
            TcpServer outer = net.serve(peer -> {
                inner.setResult(TcpServer.bind(Net.loopback(0)).start(ServerTest::echo));
                return Coroutine.done();
            });
            net.run(net.connectTo(outer).readToTheEnd());
            Peer peer = net.connectTo(net.run(inner));
            peer.send("nested");
            assertThat(text(net.run(peer.read(6)))).isEqualTo("nested");
            outer.close();
            inner.result().close();
            inner.result().closeClients();
            net.run(inner.result().waitClosed());
        }
    }

    @Test
    void limitsMustBeAtLeastOne() {
        TcpServer.Builder builder = TcpServer.bind(Net.loopback(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.backlog(0))
                .withMessage("backlog must be at least 1, and is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxConnections(0))
                .withMessage("maxConnections must be at least 1, and is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.acceptBudget(-1))
                .withMessage("acceptBudget must be at least 1, and is -1");
    }

    @Test
    void aServerStartsOnlyOnARunningLoop() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TcpServer.bind(Net.loopback(0)).start(ServerTest::echo))
                .withMessageContaining("no event loop is running in thread");
    }

    /** A port that nobody had a moment ago. */
    private static InetSocketAddress freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Net.loopback(0));
            return (InetSocketAddress) socket.getLocalSocketAddress();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
