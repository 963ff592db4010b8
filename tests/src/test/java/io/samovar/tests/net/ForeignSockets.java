package io.samovar.tests.net;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Two connected sockets that no transport knows of. */
final class ForeignSockets implements AutoCloseable {
    private final Socket ours;
    private final Socket other;

    ForeignSockets() throws IOException {
        Socket listener = Socket.newSocketStream();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.listen(1);
            ours = Socket.newSocketStream();
            ours.connect(listener.localAddress());
            int accepted = listener.accept(new byte[26]);
            while (accepted < 0) {
                accepted = listener.accept(new byte[26]);
            }
            other = new Socket(accepted);
        } finally {
            listener.close();
        }
    }

    /** The descriptor of one end, not blocking, and writable from the start. */
    int ours() {
        return ours.intValue();
    }

    void sendFromTheOther(int bytes) throws IOException {
        int sent = other.write(ByteBuffer.allocateDirect(bytes), 0, bytes);
        if (sent != bytes) {
            throw new IOException("sent " + sent);
        }
    }

    @Override
    public void close() throws IOException {
        ours.close();
        other.close();
    }
}
