package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Context;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.LoopFailure;
import io.samovar.Task;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Accepts TCP connections and runs a coroutine for each.
 *
 * <pre>{@code
 * try (TcpServer server = TcpServer.bind(new InetSocketAddress(7)).maxConnections(10_000).start(Echo::echo)) {
 *     ...
 * }
 * }</pre>
 *
 * <p>A connection is closed when its coroutine ends. A failure of the coroutine goes to the loop's exception handler,
 * unless it is a {@link NetworkException}: peers that vanish are everyday life, and are logged at level DEBUG. When no
 * descriptors are left the server pauses for a second, says so once, and goes on; connections that are open are not
 * touched. A server belongs to its loop's thread. asyncio: {@code Server}.
 */
public final class TcpServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("io.samovar.net");

    /** How long accepting pauses when the system has no descriptor or memory left. asyncio: 1 s. */
    private static final Duration STARVATION_PAUSE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final ListenSocket listener;
    private final InetSocketAddress address;
    private final ConnectionHandler handler;
    private final TcpOptions options;
    private final int maxConnections;
    private final int acceptBudget;
    private final CloseWaiters closeWaiters;

    /** The open connections, each at its {@link TcpStream#indexInServer}. */
    private final List<TcpStream> streams = new ArrayList<>();

    private boolean closed;
    /** {@link #acceptSome} is in the ready queue or waits for a timer. */
    private boolean acceptScheduled;
    /** Accepting stopped because {@link #maxConnections} are open. */
    private boolean full;
    /** The system had no descriptor left, and some peers wait since then; has been said. */
    private boolean starved;

    /** That of whoever started the server, and not of the connection whose end lets the next one in. */
    private final Context context = Context.copyCurrent();

    private TcpServer(EventLoop loop, Builder builder, ConnectionHandler handler) {
        this.loop = loop;
        this.handler = handler;
        this.options = builder.options;
        this.maxConnections = builder.maxConnections;
        this.acceptBudget = builder.acceptBudget;
        this.closeWaiters = new CloseWaiters(loop);
        tryOut(options, loop.transport());
        this.listener = loop.transport().listen(new ListenOptions(builder.address, builder.backlog, builder.reusePort));
        this.address = listener.localAddress();
        listener.listener((readable, writable) -> scheduleAccept());
    }

    /** Has a wrong option fail the start of the server, not each connection. */
    private static void tryOut(TcpOptions options, Transport transport) {
        StreamSocket socket = transport.stream();
        try {
            options.applyTo(socket);
        } finally {
            socket.close();
        }
    }

    /** A server at this address; port 0 lets the system choose. */
    public static Builder bind(InetSocketAddress address) {
        return new Builder(address);
    }

    /**
     * Serves until it is cancelled. asyncio: {@code serve_forever}.
     *
     * @return a coroutine that does not end by itself; cancelling it closes the listener and leaves the connections to
     *     their tasks
     */
    public static Coroutine<@Nullable Void> serve(InetSocketAddress address, ConnectionHandler handler) {
        try (TcpServer server = bind(address).start(handler)) {
            await(server.waitClosed());
        }
        return Coroutine.done();
    }

    /** Where the server listens, with the port that the system chose. Any thread may ask. */
    public InetSocketAddress address() {
        return address;
    }

    /** Connections that are open. */
    public int connections() {
        loop.checkThread();
        return streams.size();
    }

    /** Stops listening; connections stay open. Closing twice does nothing. */
    @Override
    public void close() {
        loop.checkThread();
        if (closed) {
            return;
        }
        closed = true;
        listener.close();
        completeIfOver();
    }

    /** Closes every connection after what waits to be written. asyncio: {@code close_clients}. */
    public void closeClients() {
        loop.checkThread();
        List.copyOf(streams).forEach(TcpStream::close);
    }

    /** Cuts every connection at once. asyncio: {@code abort_clients}. */
    public void abortClients() {
        loop.checkThread();
        List.copyOf(streams).forEach(TcpStream::abort);
    }

    /** Is done when the server is closed and no connection is open. asyncio: {@code wait_closed}. */
    public Future<@Nullable Void> waitClosed() {
        loop.checkThread();
        return closeWaiters.add();
    }

    @Override
    public String toString() {
        return "TcpServer(" + address + (closed ? ", closed)" : ")");
    }

    /** A stream of this server has closed its descriptor. */
    void streamClosed(TcpStream stream) {
        TcpStream last = streams.remove(streams.size() - 1);
        if (last != stream) {
            streams.set(stream.indexInServer, last);
            last.indexInServer = stream.indexInServer;
        }
        if (full) {
            full = false;
            scheduleAccept();
        }
        completeIfOver();
    }

    private void completeIfOver() {
        if (closed && streams.isEmpty()) {
            closeWaiters.complete();
        }
    }

    /** The transport only tells: what follows calls user code, which never runs inside a poll. */
    private void scheduleAccept() {
        if (!acceptScheduled && !closed && !loop.isClosed()) {
            acceptScheduled = true;
            loop.callSoon(this::acceptSome);
        }
    }

    private void acceptSome() {
        acceptScheduled = false;
        for (int i = 0; i < acceptBudget; i++) {
            if (closed) {
                return;
            }
            if (streams.size() >= maxConnections) {
                full = true; // what comes now waits in the backlog
                return;
            }
            try {
                StreamSocket accepted = listener.accept();
                if (accepted == null) {
                    starved = false; // everyone who waited was served
                    return;
                }
                open(accepted);
            } catch (ConnectionAbortedException gone) {
                LOG.log(Level.DEBUG, "a peer gave up before its connection was accepted", gone);
            } catch (NetworkException failure) {
                pauseAccepting(failure);
                return;
            }
        }
        scheduleAccept(); // let the others run
    }

    private void pauseAccepting(NetworkException failure) {
        acceptScheduled = true;
        loop.callLater(STARVATION_PAUSE, this::acceptSome); // first: where no descriptor is left, logging may fail too
        if (!starved) {
            starved = true;
            LOG.log(
                    Level.WARNING,
                    "{0} cannot accept connections for now and tries again every second: {1}",
                    this,
                    failure.getMessage());
        }
    }

    private void open(StreamSocket accepted) {
        try {
            options.applyTo(accepted);
        } catch (NetworkException gone) {
            LOG.log(Level.DEBUG, "a peer vanished as its connection was accepted", gone);
            accepted.close();
            return;
        }
        TcpStream stream = new TcpStream(loop, accepted, options, this);
        stream.indexInServer = streams.size();
        streams.add(stream);
        try {
            Task<?> talk = context.copy().call(() -> begin(stream));
            talk.addDoneCallback(task -> ended(stream, task));
        } catch (Throwable failure) { // an error too: it must neither leave the stream open nor stop the accepting
            stream.abort();
            if (failure instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            loop.report(new LoopFailure("the connection handler failed to start", failure, this));
        }
    }

    private Task<?> begin(TcpStream stream) throws Exception {
        Coroutine<?> talk = Objects.requireNonNull(
                handler.handle(stream), "the connection handler returned null: return Coroutine.done() instead");
        return loop.createTask(talk);
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

    /** Sets up a server. */
    public static final class Builder {
        private final InetSocketAddress address;
        private int backlog = 1024;
        private boolean reusePort;
        private int maxConnections = Integer.MAX_VALUE;
        private int acceptBudget = 64;
        private TcpOptions options = TcpOptions.DEFAULT;

        private Builder(InetSocketAddress address) {
            this.address = address;
        }

        /** Connections that may wait to be accepted; 1024 by default, and never more than the system allows. */
        public Builder backlog(int connections) {
            backlog = atLeastOne("backlog", connections);
            return this;
        }

        /** Whether several sockets may share the address, {@code SO_REUSEPORT}; off by default. */
        public Builder reusePort(boolean on) {
            reusePort = on;
            return this;
        }

        /** Connections that may be open at once; more wait in the backlog. No limit by default. */
        public Builder maxConnections(int connections) {
            maxConnections = atLeastOne("maxConnections", connections);
            return this;
        }

        /** Connections accepted in one iteration of the loop, so that a storm does not starve the others; 64 by default. */
        public Builder acceptBudget(int connections) {
            acceptBudget = atLeastOne("acceptBudget", connections);
            return this;
        }

        /** Options of each accepted connection. */
        public Builder options(TcpOptions tcpOptions) {
            options = tcpOptions;
            return this;
        }

        /**
         * Binds and starts to accept, on the loop that is running.
         *
         * @param handler makes the coroutine for each connection
         * @throws AddressInUseException if the address is taken
         * @throws NetworkException if it cannot be had for another reason
         * @throws UnsupportedOperationException if the transport does not know one of the options
         */
        public TcpServer start(ConnectionHandler handler) {
            return new TcpServer(EventLoop.current(), this, handler);
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, and is " + value);
            }
            return value;
        }
    }
}
