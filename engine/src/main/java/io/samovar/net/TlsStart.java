package io.samovar.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.transport.StreamSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts TLS over a live stream, and waits for the handshake as a read of that stream. */
final class TlsStart implements Awaitable<@Nullable Void> {
    private final TcpStream stream;
    private final StreamSocket socket;

    private TlsStart(TcpStream stream, StreamSocket socket) {
        this.stream = stream;
        this.socket = socket;
    }

    /**
     * Shakes hands on a stream.
     *
     * @param host the server's name if we are the client
     */
    static Coroutine<@Nullable Void> shakeHands(
            EventLoop loop, TcpStream stream, TlsSettings<?> tls, @Nullable String host) {
        TlsPeer peer = new TlsPeer(tls instanceof TlsServer, host, stream.remoteAddress());
        Duration limit = tls.settings().handshakeLimit();
        try {
            await(Async.timeout(limit, shakeHands(loop, stream, tls, peer)));
        } catch (AsyncTimeoutException late) {
            stream.abort();
            throw peer.handshake(TlsHandshakeException.Reason.TIMED_OUT, "it took longer than " + limit, null);
        } catch (Throwable failure) {
            stream.abort();
            throw failure;
        }
        return Coroutine.done();
    }

    private static Coroutine<@Nullable Void> shakeHands(
            EventLoop loop, TcpStream stream, TlsSettings<?> tls, TlsPeer peer) {
        TlsEngines engines = tls.enginesIfMade();
        if (engines == null) {
            engines = await(loop.runInExecutor(tls::engines)); // reads files
        }
        await(stream.flush());
        stream.checkMayShakeHands(null);
        await(new TlsStart(
                stream, over(loop, stream, engines, peer, tls.settings().shutdownLimit())));
        return Coroutine.done();
    }

    private static StreamSocket over(
            EventLoop loop, TcpStream stream, TlsEngines engines, TlsPeer peer, Duration shutdownLimit) {
        ByteBuf received = stream.takeBuffered();
        return stream.replaceSocket(lower -> {
            ByteBuf first = direct(received);
            try {
                return new TlsSocket(loop, lower, engines, peer, shutdownLimit, first);
            } catch (RuntimeException refused) {
                if (first != null) {
                    first.release();
                }
                throw refused;
            }
        });
    }

    /** In memory of its own: what was read may be a slice of the loop's receive buffer. */
    private static @Nullable ByteBuf direct(@Nullable ByteBuf received) {
        if (received == null) {
            return null;
        }
        try {
            int bytes = received.readableBytes();
            return bytes == 0
                    ? null
                    : ByteBufAllocator.DEFAULT
                            .directBuffer(bytes + TlsMemory.PACKET)
                            .writeBytes(received);
        } finally {
            received.release();
        }
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        stream.checkMayShakeHands(task);
        return socket.finishConnect() ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        stream.reader().park(task);
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        return stream.reader().interrupt(task, message);
    }
}
