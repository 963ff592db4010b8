package io.samovar.transport;

import io.samovar.net.AccessDeniedException;
import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.BrokenPipeException;
import io.samovar.net.ConnectionAbortedException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.ConnectionTimedOutException;
import io.samovar.net.NetworkException;
import io.samovar.net.OutOfResourcesException;
import io.samovar.net.UnreachableException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The system errors that have an exception of their own, with their numbers on Linux and on the BSDs (macOS included).
 *
 * <p>For transports: {@link #of(int, boolean)} finds the error of a number, {@link #ofMessage} that of a text such as
 * the JDK's exceptions carry, and {@link #exception} makes the typed exception. Any thread may use it.
 */
public enum Errno {
    EPERM(1, 1, "operation not permitted", AccessDeniedException::new),
    ENOMEM(12, 12, "cannot allocate memory", OutOfResourcesException::new),
    EACCES(13, 13, "permission denied", AccessDeniedException::new),
    ENFILE(23, 23, "too many open files in system", OutOfResourcesException::new),
    EMFILE(24, 24, "too many open files", OutOfResourcesException::new),
    EPIPE(32, 32, "broken pipe", BrokenPipeException::new),
    EADDRINUSE(98, 48, "address already in use", AddressInUseException::new),
    EADDRNOTAVAIL(99, 49, "cannot assign requested address", AddressNotAvailableException::new),
    ENETUNREACH(101, 51, "network is unreachable", UnreachableException::new),
    ECONNABORTED(103, 53, "connection abort", ConnectionAbortedException::new),
    ECONNRESET(104, 54, "connection reset", ConnectionResetException::new),
    ENOBUFS(105, 55, "no buffer space available", OutOfResourcesException::new),
    ETIMEDOUT(110, 60, "connection timed out", ConnectionTimedOutException::new),
    ECONNREFUSED(111, 61, "connection refused", ConnectionRefusedException::new),
    EHOSTUNREACH(113, 65, "no route to host", UnreachableException::new);

    private static final Errno[] ALL = values();

    private final int linux;
    private final int bsd;
    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Factory factory;

    Errno(int linux, int bsd, String text, Factory factory) {
        this.linux = linux;
        this.bsd = bsd;
        this.text = text;
        this.factory = factory;
    }

    /** Makes the exception of one error. */
    @FunctionalInterface
    private interface Factory {
        NetworkException make(String message, int errno, IOException cause);
    }

    /** The number of this error. */
    public int number(boolean onBsd) {
        return onBsd ? bsd : linux;
    }

    /** The error with this number, or {@code null} if it has no exception of its own. */
    public static @Nullable Errno of(int number, boolean onBsd) {
        for (Errno errno : ALL) {
            if (errno.number(onBsd) == number) {
                return errno;
            }
        }
        return null;
    }

    /** The error that a system's or the JDK's message tells of, or {@code null}. */
    public static @Nullable Errno ofMessage(@Nullable String message) {
        if (message == null) {
            return null;
        }
        String lower = message.toLowerCase(Locale.ROOT);
        for (Errno errno : ALL) {
            if (lower.contains(errno.text)) {
                return errno;
            }
        }
        return lower.contains("can't assign requested address") ? EADDRNOTAVAIL : null;
    }

    /**
     * The typed exception for this error.
     *
     * @param doing what was tried and on what, such as {@code "connect to /127.0.0.1:7"}
     */
    public NetworkException exception(String doing, boolean onBsd, IOException cause) {
        return factory.make(doing + ": " + text + " (" + name() + ')', number(onBsd), cause);
    }
}
