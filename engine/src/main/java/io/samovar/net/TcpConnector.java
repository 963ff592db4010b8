package io.samovar.net;

import io.samovar.Coroutine;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to connect; made by {@link TcpStream#connector}. Each call of {@link #connect()} makes a connection of its own.
 *
 * <pre>{@code
 * TcpStream peer = await(TcpStream.connector("example.org", 80).timeLimit(Duration.ofSeconds(3)).connect());
 * }</pre>
 *
 * <p>If there are several addresses, those of the two families of IP take turns, beginning with the first one's. Each attempt
 * begins 250 ms after the one before, or as soon as one has failed; the first connection that stands wins, and the others are
 * closed ("happy eyeballs", RFC 8305). A server that answers in time never sees a second attempt.
 */
public final class TcpConnector {
    /** RFC 8305, section 8. */
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    private final List<InetSocketAddress> remotes;
    private @Nullable InetSocketAddress local;
    private @Nullable Duration timeLimit;
    /** {@code null} if only a failure begins the next attempt. */
    private @Nullable Duration attemptDelay = ATTEMPT_DELAY;

    private @Nullable Resolver resolver;
    private TcpOptions options = TcpOptions.DEFAULT;

    TcpConnector(List<InetSocketAddress> remotes) {
        if (remotes.isEmpty()) {
            throw new IllegalArgumentException("there is no address to connect to");
        }
        this.remotes = List.copyOf(remotes);
    }

    /**
     * The address to connect from; port 0 lets the system choose. Addresses of the other family are left out then, unless it is
     * the wildcard. With any other port than 0 addresses are tried as with {@link #sequential()}, for only one socket can have it.
     */
    public TcpConnector localAddress(InetSocketAddress address) {
        local = Objects.requireNonNull(address, "address");
        return this;
    }

    /**
     * How long it may take to find the addresses and to connect, all together, before it fails with {@link
     * io.samovar.AsyncTimeoutException}. The failures until then are suppressed in that.
     */
    public TcpConnector timeLimit(Duration limit) {
        timeLimit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * How long an attempt has for itself before the next address is tried beside it; 250 ms unless set. RFC 8305 advises
     * against less than 100 ms; with zero, none waits for another. asyncio: {@code happy_eyeballs_delay}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TcpConnector attemptDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("no attempt begins before the one before it: " + delay);
        }
        attemptDelay = delay;
        return this;
    }

    /**
     * Tries the addresses one after the other in the order given, each when the one before has failed: for servers of which
     * the first is to be taken even if it is slow. asyncio: {@code happy_eyeballs_delay=None}.
     */
    public TcpConnector sequential() {
        attemptDelay = null;
        return this;
    }

    /** What finds the addresses of hosts, instead of {@link Resolver#getDefault()}. */
    public TcpConnector resolver(Resolver newResolver) {
        resolver = Objects.requireNonNull(newResolver, "resolver");
        return this;
    }

    /** Options of the connection, set before it is made. */
    public TcpConnector options(TcpOptions tcpOptions) {
        options = tcpOptions;
        return this;
    }

    /**
     * Connects when it is awaited. If it fails, runs out of time or is cancelled, nothing is left open.
     *
     * <p>A failure is thrown as it is if there is only one. If several addresses failed it is a {@link ConnectFailedException}.
     *
     * @return a coroutine that gives the stream, which is yours to close
     */
    public Coroutine<TcpStream> connect() {
        Resolver asked = resolver == null ? Resolver.getDefault() : resolver;
        return new ConnectPlan(remotes, local, timeLimit, attemptDelay, asked, options).connect(); // as they are now
    }
}
