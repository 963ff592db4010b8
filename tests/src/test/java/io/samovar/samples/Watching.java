package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** The lowest level: sockets and pipes that others have opened. */
final class Watching {
    private Watching() {}

    /** Sends each datagram back, until the reader is removed. */
    // echo
    static void echo(EventLoop loop, DatagramChannel channel) {
        ByteBuffer datagram = ByteBuffer.allocate(65_535);
        loop.addReader(channel, () -> {
            try {
                SocketAddress from = channel.receive(datagram.clear());
                if (from != null) {
                    channel.send(datagram.flip(), from);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // goes to the exception handler; the channel stays watched
            }
        });
    }
    // end

    /** Waits until the channel can be read. */
    // readable
    static Coroutine<Void> readable(SelectableChannel channel) {
        EventLoop loop = EventLoop.current();
        Promise<@Nullable Void> ready = loop.createFuture();
        loop.addReader(channel, () -> {
            if (!ready.isDone()) {
                ready.setResult(null);
            }
        });
        try {
            await(ready);
        } finally {
            loop.removeReader(channel);
        }
        return Coroutine.done();
    }
    // end
}
