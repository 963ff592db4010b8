package io.samovar.samples;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Frame;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

// spotless:off
final class Echo extends Frame<@Nullable Void> {
    private final TcpStream peer;

    Echo(TcpStream peer) { this.peer = peer; }

    @Override
    protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
        Object data = at == START ? null : awaited(task);
        for (boolean hasRead = at == 1; ; hasRead = false) {
            if (!hasRead && (data = await(peer.read(), task, 1)) == SUSPENDED) return SUSPENDED;
            if (data == null) return null;                  // end of stream
            if (await(peer.write((ByteBuf) data), task, 2) == SUSPENDED) return SUSPENDED;
        }
    }

    public static void main(String[] args) {
        Async.run(() -> TcpServer.serve(new InetSocketAddress(7007), Echo::new));
    }
}
// spotless:on
