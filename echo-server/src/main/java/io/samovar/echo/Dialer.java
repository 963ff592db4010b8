package io.samovar.echo;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes many connections to one server, some at a time; all of them, or none is of use. Everything here belongs to the
 * loop's thread.
 */
final class Dialer {
    /** Connections that are being made at once: fewer than any server's backlog. */
    private static final int AT_ONCE = 64;

    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private final InetSocketAddress server;
    private final int wanted;
    private final List<TcpStream> streams = new ArrayList<>();
    private final List<Task<?>> workers = new ArrayList<>();

    /** Attempts that have begun. */
    private int begun;

    private boolean stopped;
    private @Nullable RunFailedException failure;

    Dialer(InetSocketAddress server, int connections) {
        this.server = server;
        this.wanted = connections;
    }

    /** Ends when no attempt is under way any more, whether they went well or not; once. */
    Coroutine<@Nullable Void> dial() {
        for (int i = 0; i < Math.min(wanted, AT_ONCE); i++) {
            workers.add(Async.createTask(connect()));
        }
        for (Task<?> worker : workers) {
            try {
                await(worker);
            } catch (CancelledError cancelled) {
                if (!stopped) {
                    throw cancelled;
                }
            }
        }
        return Coroutine.done();
    }

    /** Gives up the attempts that are under way. */
    void stop() {
        stopped = true;
        workers.forEach(Task::cancel);
    }

    /** The connections made so far, which are the caller's to close. */
    List<TcpStream> streams() {
        return streams;
    }

    /** Why a connection could not be made; the first reason. */
    @Nullable
    RunFailedException failure() {
        return failure;
    }

    /** Makes one connection after the other, until all have been begun or one of them has failed. */
    private Coroutine<@Nullable Void> connect() {
        while (begun < wanted && !stopped) {
            begun++;
            try {
                streams.add(
                        await(TcpStream.connector(server).timeLimit(TIME_LIMIT).connect()));
            } catch (RuntimeException cause) {
                failed(cause);
            }
        }
        return Coroutine.done();
    }

    private void failed(RuntimeException cause) {
        if (failure == null) {
            failure = new RunFailedException(sentence(cause), cause);
            stop();
        }
    }

    private String sentence(RuntimeException cause) {
        String where = "cannot connect to " + Addresses.text(server) + ": ";
        if (cause instanceof AsyncTimeoutException) {
            return where + "no answer for " + TIME_LIMIT.toSeconds() + " seconds";
        }
        return where + (cause instanceof NetworkException known ? Reasons.of(known) : cause.toString());
    }
}
