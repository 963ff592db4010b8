package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsServer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Coroutines that tests of TLS are made of. */
final class TlsNet {
    private TlsNet() {}

    /** Connects without resolving. */
    static Coroutine<TcpStream> connect(TcpServer server, TlsClient tls) {
        return connect(server, tls, TlsFiles.HOST);
    }

    static Coroutine<TcpStream> connect(TcpServer server, TlsClient tls, String host) {
        TcpStream stream = await(TcpStream.connect(server.address()));
        await(stream.startTls(tls, host));
        return Coroutine.of(stream);
    }

    static TcpServer echo(Net net, TlsServer tls) {
        return net.serve(TcpServer.bind(Net.loopback(0)).tls(tls), TlsNet::echo);
    }

    static Coroutine<Void> echo(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            await(peer.write(data));
        }
        return Coroutine.done();
    }

    static Coroutine<byte[]> read(TcpStream stream, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            ByteBuf data = await(stream.read());
            if (data == null) {
                break;
            }
            all.writeBytes(Bytes.taken(data));
        }
        return Coroutine.of(all.toByteArray());
    }

    static Coroutine<byte[]> readToTheEnd(TcpStream stream) {
        return read(stream, Integer.MAX_VALUE);
    }

    static Coroutine<byte[]> exchange(TcpStream stream, byte[] bytes) {
        Object unused = stream.write(Bytes.direct(bytes));
        return read(stream, bytes.length);
    }

    /** The first record that a client sends. */
    static byte[] hello(Net net, String tls) {
        Net.Line line = net.line();
        Task<Void> handshake = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
        byte[] header = net.run(line.peer().read(5));
        byte[] body = net.run(line.peer().read(((header[3] & 0xFF) << 8) | (header[4] & 0xFF)));
        handshake.cancel();
        assertThatThrownBy(() -> net.run(handshake)).isInstanceOf(CancelledError.class);
        line.peer().close();
        byte[] hello = Arrays.copyOf(header, 5 + body.length);
        System.arraycopy(body, 0, hello, 5, body.length);
        return hello;
    }
}
