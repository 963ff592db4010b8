package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.net.ClientAuth;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** What docs/networking.md shows of TLS. */
final class Secured {
    private Secured() {}

    // greeting
    static Coroutine<String> greeting(String host, int port) {
        try (TcpStream peer = await(Tls.connect(host, port))) { // verified, host name checked
            return Coroutine.of(await(peer.readLine()));
        }
    }
    // end

    // trusting
    static TlsClient trusting(Path authority, Path certificate, Path key) {
        return Tls.client()
                .trust(authority) // instead of the Java machine's authorities
                .certificate(certificate, key); // for servers that want to know who comes
    }
    // end

    // serving
    static TcpServer serve(InetSocketAddress address, Path certificate, Path key, ConnectionHandler handler) {
        TlsServer tls = Tls.server(certificate, key).applicationProtocols("h2", "http/1.1");
        return TcpServer.bind(address).tls(tls).start(handler); // the handler starts after the handshake
    }
    // end

    // knowing
    static TlsServer forKnownClients(Path certificate, Path key, Path authorityOfClients) {
        return Tls.server(certificate, key).clientAuth(ClientAuth.REQUIRED, authorityOfClients);
    }
    // end

    // upgrade
    static Coroutine<Void> upgrade(TcpStream mail, TlsClient tls, String host) {
        await(mail.write("STARTTLS\n"));
        if (!"220 go ahead".equals(await(mail.readLine()))) {
            throw new IllegalStateException("the server does not talk TLS");
        }
        await(mail.startTls(tls, host));
        return Coroutine.done();
    }
    // end
}
