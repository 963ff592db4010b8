package io.samovar.tests.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A plain blocking socket at the other end of a stream. What may block runs on a thread of its own, reads in their
 * order and writes in theirs.
 */
final class Peer implements AutoCloseable {
    private final Socket socket;

    /** The last of each that was asked for; reading goes on while writing blocks, and the other way round. */
    private CompletableFuture<?> lastRead = CompletableFuture.completedFuture(null);

    private CompletableFuture<?> lastWrite = CompletableFuture.completedFuture(null);

    private Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Net.LIMIT_MILLIS); // so that a test that is wrong ends
    }

    static Peer of(Socket socket) {
        try {
            return new Peer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects; whoever listens need not have accepted. */
    static Peer connect(InetSocketAddress address) {
        try {
            Socket socket = new Socket();
            socket.connect(address, Net.LIMIT_MILLIS);
            return new Peer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends what surely fits into the kernel's buffers. */
    void send(String text) {
        send(text.getBytes(UTF_8));
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a read would give something at once. */
    boolean hasBytes() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CompletableFuture<byte[]> read(int bytes) {
        return reading(() -> {
            byte[] got = socket.getInputStream().readNBytes(bytes);
            if (got.length < bytes) {
                throw new EOFException("the end came after " + got.length + " of " + bytes + " bytes");
            }
            return got;
        });
    }

    CompletableFuture<byte[]> readToTheEnd() {
        return reading(() -> socket.getInputStream().readAllBytes());
    }

    /** Sends, on the peer's thread: more than the kernel may have room for. */
    CompletableFuture<Boolean> sendAll(byte[] bytes) {
        return writing(() -> {
            socket.getOutputStream().write(bytes);
            return true;
        });
    }

    void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> CompletableFuture<T> reading(Callable<T> action) {
        CompletableFuture<T> done = after(lastRead, action);
        lastRead = done;
        return done;
    }

    private <T> CompletableFuture<T> writing(Callable<T> action) {
        CompletableFuture<T> done = after(lastWrite, action);
        lastWrite = done;
        return done;
    }

    private static <T> CompletableFuture<T> after(CompletableFuture<?> last, Callable<T> action) {
        return last.handle((value, failure) -> null)
                .thenApplyAsync(
                        nothing -> {
                            try {
                                return action.call();
                            } catch (Exception e) {
                                throw new CompletionException(e);
                            }
                        },
                        Peer::onAThreadOfItsOwn);
    }

    static void onAThreadOfItsOwn(Runnable action) {
        Thread thread = new Thread(action, "peer");
        thread.setDaemon(true);
        thread.start();
    }
}
