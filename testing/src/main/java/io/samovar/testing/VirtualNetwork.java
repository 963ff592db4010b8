package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.net.InheritedSocket;
import io.samovar.net.NetworkException;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.TransportContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A network in memory, on virtual time, and the faults that it can have.
 *
 * <p>The servers and clients of a loop that goes by a {@link VirtualClock} talk over it without knowing: {@code TcpServer.bind}
 * and {@code TcpStream.connect} work as they do on a real network, with any IP address as their own. It behaves as Linux
 * does, down to the reset that a peer gets when a stream is closed before everything was read.
 *
 * <pre>{@code
 * network.onConnect(connection -> connection.chunks(1).latency(Duration.ofMillis(40)));
 * try (TcpServer server = TcpServer.bind(address).start(Echo::echo)) {
 *     TcpStream peer = await(TcpStream.connect(address));
 *     ...
 *     network.connections().get(0).reset();
 * }
 * }</pre>
 *
 * <p>{@link #pair(EventLoop)} gives two streams without a server. Everything here belongs to the loop's thread.
 */
public final class VirtualNetwork {
    /** Of two streams that need no address: 192.0.2.0/24 is for documentation (RFC 5737). */
    private static final String PAIR_HOST = "192.0.2.";

    /** systemd's {@code Backlog=}. */
    private static final int INHERITED_BACKLOG = 4096;

    private final VirtualClock clock;
    private final Agenda agenda = new Agenda();
    private final AddressBook addresses = new AddressBook();
    private final Set<VirtualSocket> open = new LinkedHashSet<>();
    private final List<VirtualConnection> connections = new ArrayList<>();
    private final Set<InetSocketAddress> refused = new LinkedHashSet<>();
    private final Set<InetSocketAddress> silent = new LinkedHashSet<>();
    /** Listeners that wait to be taken over, by their numbers. */
    private final Map<Integer, VirtualListener> inherited = new LinkedHashMap<>();

    private Consumer<? super VirtualConnection> onConnect = connection -> {};
    private int nextPair;

    VirtualNetwork(VirtualClock clock) {
        this.clock = clock;
    }

    /**
     * Has {@code setup} called with each connection that is tried from now on, before its first packet: the place for faults
     * that every connection shall have.
     */
    public void onConnect(Consumer<? super VirtualConnection> setup) {
        onConnect = setup;
    }

    /** The connections that are under way or open, the oldest first. */
    public List<VirtualConnection> connections() {
        connections.removeIf(VirtualConnection::isOver);
        return List.copyOf(connections);
    }

    /** Refuses new connections to this address even if somebody listens there, until {@link #heal}. */
    public void refuse(InetSocketAddress address) {
        refused.add(address);
    }

    /**
     * Loses what is sent to this address to connect, until {@link #heal}: a connect waits, and fails with {@link
     * io.samovar.net.ConnectionTimedOutException} after 127 seconds, as on Linux.
     */
    public void silence(InetSocketAddress address) {
        silent.add(address);
    }

    /** Takes {@link #refuse} and {@link #silence} of this address back, for connects that come after this. */
    public void heal(InetSocketAddress address) {
        refused.remove(address);
        silent.remove(address);
    }

    /**
     * Two streams that are connected with each other, both yours to close.
     *
     * <pre>{@code
     * StreamPair pair = clock.network().pair(loop);
     * pair.connection().chunks(1);
     * Task<Void> echo = loop.createTask(Echo.echo(pair.far()));
     * await(pair.near().write(bytes));
     * }</pre>
     *
     * @param loop the loop that goes by this network's clock
     */
    public StreamPair pair(EventLoop loop) {
        VirtualTransport transport = clock.transport();
        if (loop.transport().unwrap(VirtualTransport.class) != transport) {
            throw new IllegalStateException("the loop does not go by the clock of this network:"
                    + " open it with openLoop() or builder() of the clock");
        }
        nextPair = nextPair % 126 + 1;
        InetSocketAddress near = new InetSocketAddress(PAIR_HOST + (2 * nextPair), 1);
        InetSocketAddress far = new InetSocketAddress(PAIR_HOST + (2 * nextPair + 1), 2);
        VirtualStream client = new VirtualStream(this);
        VirtualConnection connection = client.joined(near, far);
        return StreamPair.of(loop, client, connection);
    }

    /**
     * Opens a listening socket that the program under test can take over as one that it was started with. Who connects before
     * that waits.
     *
     * <pre>{@code
     * InheritedSocket http = network.inherit(3, "http", address);
     * TcpServer server = TcpServer.inherit(List.of(http)).start(Echo::echo);
     * }</pre>
     *
     * @param descriptor its number, as a real process would have it
     * @throws io.samovar.net.AddressInUseException if somebody listens there
     * @throws IllegalArgumentException if the number is that of a socket that was not taken over yet
     */
    public InheritedSocket inherit(int descriptor, String name, InetSocketAddress address) {
        InheritedSocket socket = new InheritedSocket(descriptor, name);
        if (inherited.containsKey(descriptor)) {
            throw new IllegalArgumentException("descriptor " + descriptor + " is taken");
        }
        inherited.put(descriptor, new VirtualListener(this, new ListenOptions(address, INHERITED_BACKLOG, false)));
        return socket;
    }

    /** The listener with this number, for once. */
    ListenSocket takeOver(int descriptor) {
        VirtualListener listener = inherited.remove(descriptor);
        if (listener == null) {
            throw new NetworkException(
                    "take over descriptor " + descriptor + ": bad file descriptor (EBADF)",
                    9,
                    new IOException("the virtual network does as Linux: EBADF"));
        }
        return listener;
    }

    Agenda agenda() {
        return agenda;
    }

    AddressBook addresses() {
        return addresses;
    }

    long now() {
        return clock.nanoTime();
    }

    boolean refuses(InetSocketAddress address) {
        return refused.contains(address);
    }

    boolean isSilent(InetSocketAddress address) {
        return silent.contains(address);
    }

    VirtualConnection connection(VirtualStream client, InetSocketAddress from, InetSocketAddress to) {
        connections.removeIf(VirtualConnection::isOver);
        VirtualConnection connection = new VirtualConnection(this, client, from, to);
        connections.add(connection);
        onConnect.accept(connection);
        return connection;
    }

    void opened(VirtualSocket socket) {
        open.add(socket);
    }

    void closed(VirtualSocket socket) {
        open.remove(socket);
    }

    /** The transport is closed, and all its sockets with it. */
    void closeAll(TransportContext context) {
        for (VirtualSocket socket : List.copyOf(open)) {
            try {
                socket.closeWithTransport();
            } catch (Throwable failure) {
                context.listenerFailed(failure);
            }
        }
        agenda.clear();
        connections.clear();
    }

    /** Whether bytes, connects or their answers are on their way. */
    boolean isBusy() {
        return !agenda.isEmpty();
    }

    /** When the next of them arrives. */
    long nextArrival() {
        return agenda.next();
    }
}
