package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClock;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.Coroutines;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop on one transport, run by the test's own thread, with blocking peers for its streams.
 *
 * <p>Between two runs the test may use streams and tasks as a callback would, for the loop belongs to its thread. Closing
 * fails if a task is left over or anything was reported that the test has not {@linkplain #takeFailures taken}.
 */
final class Net implements AutoCloseable {
    /** No single run takes longer; a test that would never end fails with what it waited for. */
    static final int LIMIT_MILLIS = 30_000;

    private final EventLoop loop;
    private final List<LoopFailure> failures = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();

    private Net(TransportProvider provider, LoopClock clock) {
        loop = EventLoop.builder()
                .transport(provider)
                .clock(clock)
                .exceptionHandler((failed, failure) -> failures.add(failure))
                .open();
    }

    static Net on(TransportProvider provider) {
        return new Net(provider, LoopClock.SYSTEM);
    }

    /** On a clock that the test moves. */
    static Net on(TransportProvider provider, LoopClock clock) {
        return new Net(provider, clock);
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    EventLoop loop() {
        return loop;
    }

    /** Runs the loop until this is done. */
    <T extends @Nullable Object> T run(Awaitable<T> main) {
        CompletableFuture<@Nullable Void> limit =
                new CompletableFuture<@Nullable Void>().orTimeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        CompletableFuture<?> unused = limit.exceptionally(tooLate -> {
            loop.execute(loop::stop);
            return null;
        });
        try {
            T result = loop.runUntilComplete(main);
            assertThat(limit.isDone()).as("whether the time was over").isFalse();
            return result;
        } finally {
            limit.complete(null);
        }
    }

    /** Runs the loop until another thread has done this. */
    <T> T run(CompletableFuture<T> other) {
        Promise<T> promise = loop.createFuture();
        CompletableFuture<T> unused = other.whenComplete((value, failure) -> loop.execute(() -> {
            if (failure == null) {
                promise.setResult(value);
            } else {
                promise.setException(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        }));
        return run((Awaitable<T>) promise);
    }

    /** Something that a coroutine can do only while the loop runs, such as starting a server. */
    <T extends @Nullable Object> T call(Callable<T> step) {
        return run(Coroutines.<T>coroutine(() -> Coroutine.of(step.call())));
    }

    /** A task that awaits what {@code step} gives; it has run up to there. */
    <T extends @Nullable Object> Task<T> start(Callable<? extends Awaitable<? extends T>> step) {
        Task<T> task = loop.createTask(Coroutines.<T>calling(step));
        turn();
        return task;
    }

    /** One iteration of the loop: takes what the sockets have to tell, and runs what is ready. */
    void turn() {
        loop.stop();
        loop.runForever();
    }

    /** Runs the loop, which does not wait meanwhile, until the condition holds. For what no task can await. */
    void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMillis(LIMIT_MILLIS).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the end of the wait").isLessThan(end);
            turn();
        }
    }

    /** A stream of ours and a blocking socket at its other end. */
    record Line(TcpStream stream, Peer peer) {}

    /** Buffers of the kernel that are soon full. */
    static final int NARROW = 64 * 1024;

    Line line() {
        return line(TcpOptions.DEFAULT);
    }

    /** A line on which the kernel takes far less than a megabyte from us while the peer does not read. */
    Line narrowLine(TcpOptions options) {
        return line(options.with(StandardSocketOptions.SO_SNDBUF, NARROW), NARROW);
    }

    Line line(TcpOptions options) {
        return line(options, 0);
    }

    /**
     * @param receiveBuffer of the peer in bytes; 0 leaves it to the system
     */
    Line line(TcpOptions options, int receiveBuffer) {
        try (ServerSocket listener = new ServerSocket()) {
            if (receiveBuffer > 0) {
                listener.setReceiveBufferSize(receiveBuffer);
            }
            listener.bind(loopback(0));
            TcpStream stream = run(TcpStream.connector((InetSocketAddress) listener.getLocalSocketAddress())
                    .options(options)
                    .connect());
            Peer peer = Peer.of(listener.accept());
            peers.add(peer);
            return new Line(stream, peer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    TcpServer serve(ConnectionHandler handler) {
        return serve(TcpServer.bind(loopback(0)), handler);
    }

    TcpServer serve(TcpServer.Builder builder, ConnectionHandler handler) {
        return call(() -> builder.start(handler));
    }

    /** A blocking socket that the kernel has connected with the server; it need not have accepted yet. */
    Peer connectTo(TcpServer server) {
        Peer peer = Peer.connect(server.address());
        peers.add(peer);
        return peer;
    }

    /** What was reported to the exception handler since the last call; the test expects it. */
    List<LoopFailure> takeFailures() {
        List<LoopFailure> taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
        loop.close();
        assertThat(failures).as("reported to the exception handler").isEmpty();
    }
}
