package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.TaskFactory;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** In what context, and how, the tasks of connections start. */
@Timeout(60)
class ServerContextTest {
    private static final ContextVar<String> USER = ContextVar.of("user", "nobody");

    private final List<String> log = new ArrayList<>();

    private Coroutine<Void> login(TcpStream peer) {
        log.add(USER.get());
        USER.set("somebody");
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            await(peer.write(data));
        }
        peer.close(); // in this connection's own context, which is what lets the next one in
        return Coroutine.done();
    }

    @TransportTest
    void eachConnectionHasTheValuesOfWhoStartedTheServer(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.call(() -> {
                USER.set("server");
                return TcpServer.bind(Net.loopback(0)).maxConnections(1).start(peer -> {
                    log.add(USER.get());
                    USER.set("handler");
                    return login(peer);
                });
            });
            Peer first = net.connectTo(server);
            Peer second = net.connectTo(server);
            first.send("1");
            assertThat(net.run(first.read(1))).isEqualTo(new byte[] {'1'});
            first.shutdownOutput();
            second.send("2");
            assertThat(net.run(second.read(1))).isEqualTo(new byte[] {'2'});
            second.shutdownOutput();
            server.close();
            net.run(server.waitClosed());
            assertThat(log).containsExactly("server", "handler", "server", "handler");
        }
    }

    @TransportTest
    void connectionsMayStartEagerly(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            net.loop().setTaskFactory(TaskFactory.EAGER);
            TcpServer server = net.serve(this::login);
            Peer peer = net.connectTo(server);
            peer.send("1");
            assertThat(net.run(peer.read(1))).isEqualTo(new byte[] {'1'});
            peer.shutdownOutput();
            server.close();
            net.run(server.waitClosed());
            assertThat(log).containsExactly("nobody");
        }
    }
}
