package io.samovar.echo;

import io.samovar.AsyncTimeoutException;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes many connections to one server, some at a time; all of them, or none is of use. Everything here belongs to the
 * loop's thread.
 */
final class Dialer {
    /** Connections that are being made at once: fewer than any server's backlog. */
    private static final int AT_ONCE = 64;

    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private final EventLoop loop = EventLoop.current();
    private final InetSocketAddress server;
    private final int wanted;
    private final Promise<Dialer> over = loop.createFuture();
    private final List<TcpStream> streams = new ArrayList<>();
    private final Set<Task<TcpStream>> attempts = new HashSet<>();

    /** Attempts that have begun. */
    private int begun;

    private boolean stopped;
    private @Nullable RunFailedException failure;

    Dialer(InetSocketAddress server, int connections) {
        this.server = server;
        this.wanted = connections;
    }

    /**
     * Begins.
     *
     * @return is done when no attempt is under way any more, whether they went well or not
     */
    Future<Dialer> start() {
        while (begun < Math.min(wanted, AT_ONCE)) {
            next();
        }
        return over;
    }

    /** Gives up the attempts that are under way. */
    void stop() {
        stopped = true;
        List.copyOf(attempts).forEach(Task::cancel);
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

    private void next() {
        begun++;
        Task<TcpStream> attempt = loop.createTask(
                TcpStream.connector(server).timeLimit(TIME_LIMIT).connect());
        attempts.add(attempt);
        attempt.addDoneCallback(done -> {
            attempts.remove(attempt);
            ended(done);
            if (attempts.isEmpty()) {
                over.setResult(this);
            }
        });
    }

    private void ended(Future<TcpStream> attempt) {
        if (attempt.isCancelled()) {
            return;
        }
        Throwable cause = attempt.exception();
        if (cause == null) {
            streams.add(attempt.result());
        } else if (failure == null) {
            failure = new RunFailedException(sentence(cause), cause);
            stop();
        }
        if (!stopped && begun < wanted) {
            next();
        }
    }

    private String sentence(Throwable cause) {
        String where = "cannot connect to " + Addresses.text(server) + ": ";
        if (cause instanceof AsyncTimeoutException) {
            return where + "no answer for " + TIME_LIMIT.toSeconds() + " seconds";
        }
        return where + (cause instanceof NetworkException known ? Reasons.of(known) : cause.toString());
    }
}
