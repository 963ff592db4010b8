package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.samovar.transport.ForwardingStreamSocket;
import io.samovar.transport.StreamSocket;

/**
 * The socket of a connection whose server limits its time: remembers whether bytes have passed since somebody last looked.
 *
 * <p>It lies below whatever else a stream puts over its socket, so every byte counts, those of a TLS handshake too. A message costs
 * a store to memory that is in the cache; nothing is done about time. Only {@link TimeLimits} looks.
 */
final class MeteredSocket extends ForwardingStreamSocket {
    /** Bytes have passed since the last look; a connection that was just accepted counts as if they had. */
    private boolean active = true;

    /** The peer has sent something. */
    private boolean heard;

    /** Looks in a row that found no activity. */
    int quietLooks;

    /** Looks since the one that saw the connection first. */
    int looks = -1;

    MeteredSocket(StreamSocket real) {
        super(real);
    }

    /** Whether bytes have passed since this was last asked. */
    boolean takeActivity() {
        boolean was = active;
        active = false;
        return was;
    }

    boolean hasHeard() {
        return heard;
    }

    @Override
    public int read(ByteBuf into) {
        int bytes = real.read(into);
        if (bytes > 0) {
            active = true;
            heard = true;
        }
        return bytes;
    }

    @Override
    public int write(ByteBuf from) {
        int bytes = real.write(from);
        active |= bytes > 0;
        return bytes;
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        long bytes = real.write(buffers, offset, count);
        active |= bytes > 0;
        return bytes;
    }
}
