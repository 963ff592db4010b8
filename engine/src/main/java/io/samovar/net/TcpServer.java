package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Context;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.sync.Event;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accepts TCP connections and runs a coroutine for each.
 *
 * <pre>{@code
 * try (TcpServer server = TcpServer.bind(new InetSocketAddress(7))
 *         .maxConnections(10_000)
 *         .idleTimeout(Duration.ofMinutes(1))
 *         .start(Echo::echo)) {
 *     await(Signals.next("TERM", "INT"));
 *     await(server.drain(Duration.ofSeconds(10)));
 * }
 * }</pre>
 *
 * <p>A connection is closed when its coroutine ends. A failure of the coroutine goes to the loop's exception handler,
 * unless it is a {@link NetworkException}: peers that vanish are everyday life, and are logged at level DEBUG. When no
 * descriptors are left the server pauses for a second, says so once, and goes on; connections that are open are not
 * touched. A server belongs to its loop's thread. asyncio: {@code Server}.
 */
public final class TcpServer implements AutoCloseable {
    /*
     * BOUND -> SERVING -> CLOSED, or BOUND -> CLOSED. CLOSED: nothing is accepted any more; connections may be open.
     */
    private enum State {
        BOUND,
        SERVING,
        CLOSED
    }

    private static final Logger LOG = System.getLogger("io.samovar.net");

    /** How long a connection that drain() closes may take to send what waits. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final TcpOptions options;
    private final List<InetSocketAddress> addresses;

    /** The addresses as text. */
    private final String where;

    private final Connections connections;
    private final ConnectionTasks tasks;
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final CloseWaiters closeWaiters;
    private final Event draining = new Event();
    private volatile State state = State.BOUND;

    private TcpServer(EventLoop loop, Builder builder, ConnectionHandler handler) {
        this.loop = loop;
        this.options = builder.options;
        this.closeWaiters = new CloseWaiters(loop);
        builder.limits.checkFits(options);
        if (builder.tls != null) {
            TlsEngines unused = builder.tls.engines(); // so that what is wrong with it fails the start
        }
        tryOut(options, loop.transport());
        Context context = Context.copyCurrent();
        this.connections = new Connections(loop, builder.limits, context);
        this.tasks = new ConnectionTasks(loop, this, handler, builder.tls, context);
        List<ListenSocket> sockets = builder.plan.open(
                new ListenPlan.Opener(loop.transport(), builder.backlog, builder.reusePort, builder.dualStack));
        this.addresses = sockets.stream().map(ListenSocket::localAddress).toList();
        this.where = addresses.stream().map(InetSocketAddress::toString).collect(Collectors.joining(", "));
        for (ListenSocket socket : sockets) {
            acceptors.add(new Acceptor(loop, this, connections, socket, builder.acceptBudget, context));
        }
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

    /**
     * A server at this address; port 0 lets the system choose. A wildcard address of either family takes both, unless
     * {@link Builder#dualStack} is off.
     */
    public static Builder bind(InetSocketAddress address) {
        return new Builder().and(address);
    }

    /**
     * A server at those of these addresses that this machine has, such as all that a host name stands for. At least one must be.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Builder bindAvailable(Collection<InetSocketAddress> addresses) {
        return new Builder().andAvailable(addresses);
    }

    /**
     * A server on all listening sockets that systemd has started this process with: {@link SystemdSockets#listeners()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Builder inherited() {
        return inherit(SystemdSockets.listeners());
    }

    /**
     * A server on listening sockets that this process was started with. They become the server's, which closes them; so each can
     * be taken over once. Backlog and {@code reusePort} are as they are.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Builder inherit(Collection<InheritedSocket> sockets) {
        return new Builder().andInherited(sockets);
    }

    /**
     * Serves until it is cancelled. asyncio: {@code serve_forever}.
     *
     * @return a coroutine that does not end by itself; cancelling it closes the listener and leaves the connections to
     *     their tasks
     */
    public static Coroutine<@Nullable Void> serve(InetSocketAddress address, ConnectionHandler handler) {
        await(bind(address).open(handler).serve());
        return Coroutine.done();
    }

    /**
     * Starts to accept connections, those first that have come since the server was bound. Doing it twice does nothing. asyncio:
     * {@code start_serving}.
     *
     * @throws IllegalStateException if the server is closed
     */
    public void startServing() {
        loop.checkThread();
        if (state == State.CLOSED) {
            throw new IllegalStateException(this + " cannot start to serve any more");
        }
        state = State.SERVING;
        acceptors.forEach(Acceptor::start);
    }

    /** Whether connections are accepted: from {@link #startServing()} to {@link #close()}. Any thread may ask. */
    public boolean isServing() {
        return state == State.SERVING;
    }

    /**
     * Starts to serve, and waits until the server is closed and no connection is open. asyncio: {@code serve_forever}.
     *
     * <p>When it is cancelled it closes the server and ends at once; connections are left to their tasks. (asyncio waits for the
     * connections even then, as long as their peers like. Await {@link #drain} where that is wanted, with a limit.)
     *
     * @return fails with {@link IllegalStateException} if the server is closed already
     */
    public Coroutine<@Nullable Void> serve() {
        startServing();
        try {
            await(waitClosed());
        } finally {
            close();
        }
        return Coroutine.done();
    }

    /** Where the server listens, with the port that the system chose: the first address. Any thread may ask. */
    public InetSocketAddress address() {
        return addresses.get(0);
    }

    /** Where the server listens, in the order of the builder's calls; nowhere once it is closed. Any thread may ask. */
    public List<InetSocketAddress> addresses() {
        return state == State.CLOSED ? List.of() : addresses;
    }

    /** Connections that are open. */
    public int connections() {
        loop.checkThread();
        return connections.count();
    }

    /** Bytes that wait to be written on all connections together; counted only if the server limits them, else 0. */
    public long bufferedBytes() {
        loop.checkThread();
        BufferedBytes buffered = connections.buffered();
        return buffered == null ? 0 : buffered.total();
    }

    /** Stops listening; connections stay open. Closing twice does nothing. */
    @Override
    public void close() {
        loop.checkThread();
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        acceptors.forEach(Acceptor::close);
        completeIfOver();
    }

    /** Closes every connection after what waits to be written. asyncio: {@code close_clients}. */
    public void closeClients() {
        loop.checkThread();
        connections.closeAll();
    }

    /** Cuts every connection at once. asyncio: {@code abort_clients}. */
    public void abortClients() {
        loop.checkThread();
        connections.abortAll();
    }

    /** Is done when the server is closed and no connection is open. asyncio: {@code wait_closed}. */
    public Future<@Nullable Void> waitClosed() {
        loop.checkThread();
        return closeWaiters.add();
    }

    /**
     * Ends the server in an orderly way, as {@link #drain(Duration, Duration)} with one second to send what waits.
     *
     * @param toFinish how long connections may go on
     */
    public Coroutine<@Nullable Void> drain(Duration toFinish) {
        return drain(toFinish, FLUSH_LIMIT);
    }

    /**
     * Ends the server in an orderly way, within a limited time: closes the listeners, lets the connections finish, then closes
     * those that are left, and aborts those that even then do not end.
     *
     * <p>Handlers learn of it by {@link #isDraining()} and {@link #whenDraining()}, and may end early. It ends as soon as no
     * connection is open. Several may drain at once, each with its own limits, so that a second signal can be less patient than the
     * first. When it is cancelled the listeners stay closed and the connections open.
     *
     * @param toFinish how long connections may go on
     * @param toFlush how long those that are then closed may take to send what waits to be written
     * @throws IllegalArgumentException if one of them is negative
     */
    public Coroutine<@Nullable Void> drain(Duration toFinish, Duration toFlush) {
        notNegative(toFinish);
        notNegative(toFlush);
        return drainInSteps(toFinish, toFlush);
    }

    private static void notNegative(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a server cannot drain in less than no time: " + limit);
        }
    }

    private Coroutine<@Nullable Void> drainInSteps(Duration toFinish, Duration toFlush) {
        close();
        draining.set();
        if (!await(endsWithin(toFinish))) {
            LOG.log(
                    Level.DEBUG,
                    "{0} closes {1} connections that have not finished in time",
                    this,
                    connections.count());
            closeClients();
            if (!await(endsWithin(toFlush))) {
                LOG.log(Level.DEBUG, "{0} aborts {1} connections", this, connections.count());
                abortClients();
            }
        }
        return Coroutine.done();
    }

    /** Whether the last connection has ended when the time is over. */
    private Coroutine<Boolean> endsWithin(Duration limit) {
        if (!connections.isEmpty() && !limit.isZero()) {
            try {
                await(Async.timeout(limit, waitClosed()));
            } catch (AsyncTimeoutException over) {
                // as the count says
            }
        }
        return Coroutine.of(connections.isEmpty());
    }

    /** Whether {@link #drain} was called: a connection should end when what it does is done. */
    public boolean isDraining() {
        loop.checkThread();
        return draining.isSet();
    }

    /** Waits for {@link #drain}. Any number of tasks may, and none disturbs another. */
    public Coroutine<@Nullable Void> whenDraining() {
        loop.checkThread();
        return draining.whenSet();
    }

    @Override
    public String toString() {
        // Plain: this is asked for when no descriptor is left, and then a class file cannot be opened.
        State now = state;
        return "TcpServer(" + where
                + (now == State.SERVING ? ")" : now == State.BOUND ? ", not serving)" : ", closed)");
    }

    // ---- what its parts tell it

    void accepted(StreamSocket socket) {
        try {
            options.applyTo(socket);
        } catch (NetworkException gone) {
            LOG.log(Level.DEBUG, "a peer vanished as its connection was accepted", gone);
            socket.close();
            return;
        }
        tasks.start(connections.add(this, loop, socket, options));
    }

    /** A stream of this server has closed its descriptor. */
    void streamClosed(TcpStream stream) {
        connections.remove(stream);
        completeIfOver();
    }

    /** What the streams' queues count in. */
    @Nullable
    BufferedBytes buffered() {
        return connections.buffered();
    }

    /** Bytes were left waiting on a stream of this server, which may end it. */
    void limitBuffers(TcpStream stream) {
        connections.limitBuffers(stream);
    }

    private void completeIfOver() {
        if (state == State.CLOSED && connections.isEmpty()) {
            closeWaiters.complete();
        }
    }

    /** Sets up a server. */
    public static final class Builder {
        private final ListenPlan plan = new ListenPlan();
        private int backlog = 1024;
        private boolean reusePort;
        private boolean dualStack = true;
        private int acceptBudget = 64;
        private TcpOptions options = TcpOptions.DEFAULT;
        private ServerLimits limits = ServerLimits.NONE;
        private @Nullable TlsServer tls;

        private Builder() {}

        /** Listens here, too; port 0 lets the system choose one for this address. */
        public Builder and(InetSocketAddress address) {
            plan.add(address);
            return this;
        }

        /**
         * Listens at those of these addresses that this machine has, too. At least one must be.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder andAvailable(Collection<InetSocketAddress> addresses) {
            plan.addAvailable(addresses);
            return this;
        }

        /**
         * Listens on these sockets that the process was started with, too.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder andInherited(Collection<InheritedSocket> sockets) {
            plan.adopt(sockets);
            return this;
        }

        /** Connections that may wait to be accepted; 1024 by default, and never more than the system allows. */
        public Builder backlog(int connections) {
            backlog = ServerLimits.atLeastOne("backlog", connections);
            return this;
        }

        /** Whether several sockets may share the address, {@code SO_REUSEPORT}; off by default. */
        public Builder reusePort(boolean on) {
            reusePort = on;
            return this;
        }

        /**
         * Whether a wildcard address takes IPv4 and IPv6 with one socket; on by default. Off, {@code 0.0.0.0} takes IPv4 and
         * {@code ::} takes IPv6 only, so that both can be bound side by side.
         */
        public Builder dualStack(boolean on) {
            dualStack = on;
            return this;
        }

        /** Connections accepted in one iteration of the loop, so that a storm does not starve the others; 64 by default. */
        public Builder acceptBudget(int connections) {
            acceptBudget = ServerLimits.atLeastOne("acceptBudget", connections);
            return this;
        }

        /** Options of each accepted connection. */
        public Builder options(TcpOptions tcpOptions) {
            options = tcpOptions;
            return this;
        }

        /** Connections that may be open at once; more wait in the backlog. No limit by default. */
        public Builder maxConnections(int connections) {
            limits = limits.maxConnections(connections);
            return this;
        }

        /** Talks TLS: the handler gets a connection when the handshake is done. One that fails is logged at level DEBUG. */
        public Builder tls(TlsServer settings) {
            tls = settings;
            return this;
        }

        /**
         * How long a connection may be without a byte read or written before it is ended with {@link IdleTimeoutException}, also
         * one that is closing and whose peer does not take the rest; no limit by default. It costs next to nothing, and ends a
         * connection up to an eighth of the shortest limit later.
         *
         * @throws IllegalArgumentException unless it is positive
         */
        public Builder idleTimeout(Duration limit) {
            limits = limits.idleTimeout(limit);
            return this;
        }

        /**
         * How long a peer may take to send its first byte before the connection is ended with {@link FirstByteTimeoutException};
         * no limit by default. For protocols in which the peer speaks first.
         *
         * @throws IllegalArgumentException unless it is positive
         */
        public Builder firstByteTimeout(Duration limit) {
            limits = limits.firstByteTimeout(limit);
            return this;
        }

        /**
         * Bytes that may wait to be written on one connection; a write that leaves more cuts it with {@link
         * BufferLimitException}. No limit by default. For handlers that do not await their writes: those that do wait from the
         * {@linkplain TcpOptions#waterMarks high water mark} on, which must be less, and go beyond it by one write.
         */
        public Builder maxBufferedBytesPerConnection(long bytes) {
            limits = limits.maxBufferedPerConnection(bytes);
            return this;
        }

        /**
         * Bytes that may wait to be written on all connections together; a write that leaves more cuts the connections that have
         * the most with {@link BufferLimitException}, until it is less. No limit by default.
         */
        public Builder maxBufferedBytes(long bytes) {
            limits = limits.maxBuffered(bytes);
            return this;
        }

        /**
         * Binds, on the loop that is running, and does not accept before {@link TcpServer#startServing()}: who connects before
         * waits in the backlog.
         *
         * <p>If one listener cannot be had none is left open. A builder makes any number of servers.
         *
         * @param handler makes the coroutine for each connection
         * @throws AddressInUseException if an address is taken
         * @throws NetworkException if one cannot be had for another reason
         * @throws UnsupportedOperationException if the transport does not know one of the options, or cannot take over a socket
         * @throws IllegalArgumentException if the limits of bytes are not above the high water mark
         */
        public TcpServer open(ConnectionHandler handler) {
            return new TcpServer(EventLoop.current(), this, handler);
        }

        /** Binds as {@link #open}, and starts to accept. */
        public TcpServer start(ConnectionHandler handler) {
            TcpServer server = open(handler);
            server.startServing();
            return server;
        }
    }
}
