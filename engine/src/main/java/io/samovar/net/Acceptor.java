package io.samovar.net;

import io.samovar.Context;
import io.samovar.EventLoop;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Accepts connections from one listening socket: some in each iteration of the loop, while the server has room for them.
 *
 * <p>When no descriptor is left it says so once, and tries again every second.
 */
final class Acceptor {
    private static final Logger LOG = System.getLogger("io.samovar.net");

    /** How long accepting pauses when the system has no descriptor or memory left. asyncio: 1 s. */
    private static final Duration STARVATION_PAUSE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final TcpServer server;
    private final Connections connections;
    private final ListenSocket socket;
    private final int budget;

    /** Not that of the connection whose end lets the next one in. */
    private final Context context;

    private boolean serving;
    private boolean closed;

    /** {@link #acceptSome} is in the ready queue or waits for a timer. */
    private boolean scheduled;

    /** Somebody will call {@link #goOn()} when there is room. */
    private boolean waitsForRoom;

    /** The system had no descriptor left, and some peers wait since then; has been said. */
    private boolean starved;

    /**
     * @param budget connections accepted in one iteration of the loop
     */
    Acceptor(
            EventLoop loop,
            TcpServer server,
            Connections connections,
            ListenSocket socket,
            int budget,
            Context context) {
        this.loop = loop;
        this.server = server;
        this.connections = connections;
        this.socket = socket;
        this.budget = budget;
        this.context = context;
    }

    void start() {
        if (!serving) {
            serving = true;
            socket.listener((readable, writable) -> schedule());
            schedule(); // who came before was told to nobody
        }
    }

    /** Stops listening. Closing twice does nothing. */
    void close() {
        closed = true;
        socket.close();
    }

    /** There is room again. */
    void goOn() {
        waitsForRoom = false;
        if (closed) {
            connections.giveRoom();
        } else {
            schedule();
        }
    }

    /** The transport only tells: what follows calls user code, which never runs inside a poll. */
    private void schedule() {
        if (!scheduled && !closed && !loop.isClosed()) {
            scheduled = true;
            loop.callSoon(this::acceptSome, context);
        }
    }

    private void acceptSome() {
        scheduled = false;
        for (int i = 0; i < budget; i++) {
            if (closed) {
                return;
            }
            if (connections.isFull()) {
                waitForRoom(); // what comes now waits in the backlog
                return;
            }
            try {
                StreamSocket accepted = socket.accept();
                if (accepted == null) {
                    starved = false; // everyone who waited was served
                    connections.giveRoom();
                    return;
                }
                server.accepted(accepted);
            } catch (ConnectionAbortedException gone) {
                LOG.log(Level.DEBUG, "a peer gave up before its connection was accepted", gone);
            } catch (NetworkException failure) {
                pause(failure);
                return;
            }
        }
        schedule(); // let the others run
    }

    private void waitForRoom() {
        if (!waitsForRoom) {
            waitsForRoom = true;
            connections.waitForRoom(this);
        }
    }

    private void pause(NetworkException failure) {
        scheduled = true;
        // First: where no descriptor is left, logging may fail too.
        loop.callLater(STARVATION_PAUSE, this::acceptSome, context);
        if (!starved) {
            starved = true;
            LOG.log(
                    Level.WARNING,
                    "{0} cannot accept connections for now and tries again every second: {1}",
                    server,
                    failure.getMessage());
        }
    }
}
