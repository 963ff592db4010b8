package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Context;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.LoopFailure;
import io.samovar.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the handler of a server for each connection, as a task of its own, and closes the connection when that ends. */
final class ConnectionTasks {
    private static final Logger LOG = System.getLogger("io.samovar.net");

    private final EventLoop loop;
    private final TcpServer server;
    private final ConnectionHandler handler;
    private final @Nullable TlsServer tls;

    /** That of whoever started the server. */
    private final Context context;

    ConnectionTasks(
            EventLoop loop, TcpServer server, ConnectionHandler handler, @Nullable TlsServer tls, Context context) {
        this.loop = loop;
        this.server = server;
        this.handler = handler;
        this.tls = tls;
        this.context = context;
    }

    void start(TcpStream stream) {
        try {
            Task<?> talk = context.copy().call(() -> begin(stream));
            talk.addDoneCallback(task -> ended(stream, task));
        } catch (Throwable failure) { // an error too: it must neither leave the stream open nor stop the accepting
            stream.abort();
            if (failure instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            loop.report(new LoopFailure("the connection handler failed to start", failure, server));
        }
    }

    private Task<?> begin(TcpStream stream) throws Exception {
        return loop.createTask(tls == null ? talk(stream) : talkOverTls(stream, tls));
    }

    private Coroutine<?> talk(TcpStream stream) throws Exception {
        return Objects.requireNonNull(
                handler.handle(stream), "the connection handler returned null: return Coroutine.done() instead");
    }

    private Coroutine<@Nullable Void> talkOverTls(TcpStream stream, TlsServer overTls) throws Exception {
        await(stream.startTls(overTls));
        await(talk(stream));
        return Coroutine.done();
    }

    private void ended(TcpStream stream, Future<?> task) {
        Throwable failure = task.isCancelled() ? null : task.exception();
        if (failure instanceof NetworkException) {
            LOG.log(Level.DEBUG, () -> "connection lost: " + stream, failure);
        } else if (failure != null) {
            loop.report(new LoopFailure("unhandled exception in a connection handler", failure, stream));
        }
        stream.close();
    }
}
