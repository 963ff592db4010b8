package io.samovar.samples;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

final class Echo {
    static Coroutine<@Nullable Void> echo(TcpStream peer) {
        try (peer) {
            for (ByteBuf data; (data = await(peer.read())) != null; ) {
                await(peer.write(data));
            }
        }
        return Coroutine.done();
    }

    public static void main(String[] args) {
        Async.run(() -> TcpServer.serve(new InetSocketAddress(7007), Echo::echo));
    }
}
