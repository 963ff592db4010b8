package io.samovar.benchmarks.servers;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An echo over TLS, as users write it. */
public final class SamovarTls {
    private SamovarTls() {}

    /** Takes an engine ({@code jdk} or {@code boringssl}), a key store and its password. */
    public static void main(String[] args) throws Exception {
        char[] password = args[2].toCharArray();
        TlsServer tls = Tls.server(TlsKeys.load(args[1], password), password)
                .provider(args[0])
                .protocols(TlsKeys.PROTOCOL)
                .ciphers(TlsKeys.CIPHER);
        Async.run(() -> serve(tls));
    }

    private static Coroutine<Void> serve(TlsServer tls) {
        TcpServer server = TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .tls(tls)
                .start(SamovarTls::echo);
        System.out.println("listening on " + server.address());
        await(server.waitClosed());
        return Coroutine.done();
    }

    private static Coroutine<Void> echo(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            await(peer.write(data));
        }
        return Coroutine.done();
    }
}
