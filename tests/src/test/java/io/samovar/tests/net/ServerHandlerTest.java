package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** However a handler ends, its connection is closed, and the server goes on. */
@Timeout(60)
class ServerHandlerTest {
    @TransportTest
    void aHandlerThatReturnsHasItsConnectionClosed(TransportProvider provider) {
        assertThat(endsConnection(provider, peer -> Coroutine.done())).isEmpty();
    }

    @TransportTest
    void whatAHandlerWroteAtTheEndIsSentBeforeTheClose(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            byte[] bytes = Bytes.pattern(3_000_000);
            TcpServer server = net.serve(peer -> {
                Object unused = peer.write(Bytes.direct(bytes));
                return Coroutine.done();
            });
            assertThat(net.run(net.connectTo(server).readToTheEnd())).isEqualTo(bytes);
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void aHandlerThatFailsAtOnceIsReported(TransportProvider provider) {
        assertThat(endsConnection(
                        provider,
                        peer -> coroutine(() -> {
                            throw new IllegalArgumentException("at once");
                        })))
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.message()).isEqualTo("unhandled exception in a connection handler");
                    assertThat(failure.exception()).hasMessage("at once");
                    assertThat(failure.source()).isInstanceOf(TcpStream.class);
                });
    }

    @TransportTest
    @Tag("P7")
    void aHandlerThatFailsLaterIsReported(TransportProvider provider) {
        assertThat(endsConnection(provider, peer -> {
                    await(Async.sleep(Duration.ZERO));
                    throw new IOException("later");
                }))
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).isInstanceOf(IOException.class));
    }

    @TransportTest
    void aHandlerThatFailsWithAnErrorIsReported(TransportProvider provider) {
        assertThat(endsConnection(
                        provider,
                        peer -> coroutine(() -> {
                            throw new AssertionError("an error");
                        })))
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("an error"));
    }

    @TransportTest
    void aHandlerThatThrowsInsteadOfReturningACoroutineIsReportedAndItsConnectionCut(TransportProvider provider) {
        assertThat(endsConnection(provider, peer -> {
                    throw new IOException("no coroutine");
                }))
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.message()).isEqualTo("the connection handler failed to start");
                    assertThat(failure.exception()).hasMessage("no coroutine");
                    assertThat(failure.source()).isInstanceOf(TcpServer.class);
                });
    }

    @TransportTest
    void aHandlerThatThrowsAnErrorInsteadIsReportedAndItsConnectionCut(TransportProvider provider) {
        assertThat(endsConnection(provider, peer -> {
                    throw new AssertionError("no coroutine either");
                }))
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("no coroutine either"));
    }

    @TransportTest
    void aHandlerThatGivesOneCoroutineTwiceIsReported(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Coroutine<Void> once = coroutine(Coroutine::done);
            TcpServer server = net.serve(peer -> once);
            net.run(net.connectTo(server).readToTheEnd());
            net.run(net.connectTo(server).readToTheEnd().handle((bytes, failure) -> true));
            assertThat(net.takeFailures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.exception())
                            .hasMessageContaining("this coroutine was awaited or made a task before"));
            assertThat(server.connections()).isZero();
            server.close();
        }
    }

    @TransportTest
    void aPeerThatVanishesIsNotReported(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = net.connectTo(server);
            peer.send("x");
            net.run(peer.read(1));
            peer.reset();
            server.close();
            net.run(server.waitClosed());
            assertThat(net.takeFailures()).isEmpty();
        }
    }

    @TransportTest
    void anyOtherNetworkFailureOfAHandlerIsNotReportedEither(TransportProvider provider) {
        assertThat(endsConnection(provider, peer -> TcpStream.connect(Net.loopback(1))))
                .isEmpty();
    }

    @TransportTest
    @Tag("P7")
    void aHandlerThatIsCancelledIsNotReported(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<Task<?>> handlers = new ArrayList<>();
            boolean[] cleanedUp = {false};
            TcpServer server = net.serve(peer -> {
                handlers.add(net.loop().currentTask());
                try {
                    return Coroutine.of(await(peer.read()));
                } finally {
                    cleanedUp[0] = true;
                }
            });
            Peer peer = net.connectTo(server);
            net.until(() -> !handlers.isEmpty());
            handlers.get(0).cancel();
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
            assertThat(handlers.get(0).isCancelled()).isTrue();
            assertThat(cleanedUp[0]).isTrue();
            assertThat(server.connections()).isZero();
            server.close();
        }
    }

    @TransportTest
    void aConnectionThatItsHandlerHasClosedIsGoneBeforeTheHandlerEnds(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Promise<Void> mayEnd = net.loop().createFuture();
            TcpServer server = net.serve(peer -> {
                peer.close();
                return Coroutine.of(await(mayEnd));
            });
            net.run(net.connectTo(server).readToTheEnd());
            assertThat(server.connections()).isZero();
            server.close();
            net.run(server.waitClosed());
            mayEnd.setResult(null);
            net.turn();
        }
    }

    /** Serves one peer, which finds its connection ended, and then another; gives what was reported for the first. */
    private static List<LoopFailure> endsConnection(TransportProvider provider, ConnectionHandler handler) {
        try (Net net = Net.on(provider)) {
            int[] served = {0};
            TcpServer server = net.serve(peer -> served[0]++ == 0 ? handler.handle(peer) : ServerTest.echo(peer));
            boolean ended = net.run(net.connectTo(server).readToTheEnd().handle((bytes, reset) -> true));
            assertThat(ended).isTrue();
            net.until(() -> server.connections() == 0);
            net.turn();
            List<LoopFailure> reported = net.takeFailures();
            Peer next = net.connectTo(server);
            next.send("x");
            assertThat(net.run(next.read(1))).hasSize(1);
            next.close();
            server.close();
            net.run(server.waitClosed());
            return reported;
        }
    }
}
