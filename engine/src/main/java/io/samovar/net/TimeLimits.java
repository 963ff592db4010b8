package io.samovar.net;

import io.samovar.Context;
import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends the connections of one server that are silent for too long.
 *
 * <p>One timer looks at all connections several times within the shortest limit, and counts for each how often it has found
 * nothing. So a message costs nothing here, a connection has no timer, and a limit is kept with a lateness of an eighth of the shortest
 * one. What is counted are looks and not times: if the loop itself stands still for a minute, that is one look, and nobody is blamed.
 * While there is no connection there is no timer.
 */
final class TimeLimits {
    private static final int LOOKS_IN_SHORTEST = 8;
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(1);

    private final EventLoop loop;
    private final Connections connections;
    private final ServerLimits limits;
    private final Duration period;

    /** Looks that must have found nothing; {@link Integer#MAX_VALUE} without that limit. */
    private final int idleLooks;

    private final int firstByteLooks;

    /** Not that of the connection that happens to be the first. */
    private final Context context;

    private @Nullable TimerHandle timer;

    TimeLimits(EventLoop loop, Connections connections, ServerLimits limits, Context context) {
        this.loop = loop;
        this.connections = connections;
        this.limits = limits;
        this.context = context;
        this.period = period(limits);
        this.idleLooks = looks(limits.idleTimeout());
        this.firstByteLooks = looks(limits.firstByteTimeout());
    }

    private static Duration period(ServerLimits limits) {
        Duration idle = limits.idleTimeout();
        Duration firstByte = limits.firstByteTimeout();
        Duration shortest = idle.isZero() || (!firstByte.isZero() && firstByte.compareTo(idle) < 0) ? firstByte : idle;
        Duration part = shortest.dividedBy(LOOKS_IN_SHORTEST);
        return part.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : part;
    }

    /** Rounded up: nobody is ended before the time is over. */
    private int looks(Duration limit) {
        if (limit.isZero()) {
            return Integer.MAX_VALUE;
        }
        long whole = limit.dividedBy(period);
        boolean exact = period.multipliedBy(whole).equals(limit);
        return (int) Math.min(exact ? whole : whole + 1, Integer.MAX_VALUE - 1);
    }

    /** There is a connection now. */
    void start() {
        if (timer == null) {
            timer = loop.callLater(period, this::look, context);
        }
    }

    /** There is no connection any more. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void look() {
        timer = null;
        start(); // first: the end of the last connection stops it
        connections.forEachMetered(this::look);
    }

    private void look(TcpStream stream, MeteredSocket socket) {
        socket.looks++;
        socket.quietLooks = socket.takeActivity() ? 0 : socket.quietLooks + 1;
        if (socket.quietLooks >= idleLooks) {
            stream.fail(new IdleTimeoutException(limits.idleTimeout()));
        } else if (!socket.hasHeard() && socket.looks >= firstByteLooks) {
            stream.fail(new FirstByteTimeoutException(limits.firstByteTimeout()));
        }
    }
}
