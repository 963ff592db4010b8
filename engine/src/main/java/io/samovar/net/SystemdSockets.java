package io.samovar.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that systemd, or whatever else speaks its protocol, has started this process with: {@code sd_listen_fds(3)}.
 *
 * <pre>{@code
 * TcpServer.inherit(SystemdSockets.listeners("http")).start(handler);
 * }</pre>
 *
 * <p>The environment says how many there are ({@code LISTEN_FDS}, from descriptor 3 on), what they are called ({@code
 * LISTEN_FDNAMES}) and for which process they are meant ({@code LISTEN_PID}): a script that starts Java must do so with {@code exec},
 * or the number is that of the shell. Any thread may ask.
 */
public final class SystemdSockets {
    private static final int FIRST = 3;

    /** What the protocol calls a socket that has no name. */
    private static final String NO_NAME = "unknown";

    private SystemdSockets() {}

    /**
     * All of them in their order; none if this process was started in another way.
     *
     * @throws IllegalStateException if the variables of the environment contradict each other
     */
    public static List<InheritedSocket> listeners() {
        return parse(System.getenv(), ProcessHandle.current().pid());
    }

    /** Those with this name. */
    public static List<InheritedSocket> listeners(String name) {
        return listeners().stream().filter(socket -> socket.name().equals(name)).toList();
    }

    static List<InheritedSocket> parse(Map<String, String> environment, long pid) {
        String meantFor = environment.get("LISTEN_PID");
        if (meantFor == null || number("LISTEN_PID", meantFor) != pid) {
            return List.of();
        }
        String fds = environment.get("LISTEN_FDS");
        long count = fds == null ? 0 : number("LISTEN_FDS", fds);
        if (count > Integer.MAX_VALUE - FIRST) {
            throw new IllegalStateException("LISTEN_FDS is too large: " + count);
        }
        String[] names = names(environment.get("LISTEN_FDNAMES"), (int) count);
        List<InheritedSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new InheritedSocket(FIRST + i, names.length == 0 ? NO_NAME : names[i]));
        }
        return List.copyOf(sockets);
    }

    private static long number(String variable, String value) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // as below
        }
        throw new IllegalStateException(variable + " is not a number: " + value);
    }

    private static String[] names(@Nullable String variable, int count) {
        if (variable == null || count == 0) {
            return new String[0];
        }
        String[] names = variable.split(":", -1);
        if (names.length != count) {
            throw new IllegalStateException(
                    "LISTEN_FDNAMES has " + names.length + " names for " + count + " sockets: " + variable);
        }
        return names;
    }
}
