package io.samovar.transport.nio;

import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.transport.Errno;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns the exceptions of the JDK's channels into ours. They carry no number, only a text and a class. */
final class NioErrors {
    private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

    static final boolean WINDOWS = OS.startsWith("windows");

    /** Whether the system counts its errors as the BSDs do. */
    private static final boolean BSD = OS.startsWith("mac") || OS.contains("bsd");

    static {
        // Loads the classes of the exceptions: it may take a descriptor, which EMFILE says nobody has.
        Errno.ofMessage("");
    }

    private NioErrors() {}

    /** Makes ready to name errors. */
    static void load() {}

    /**
     * @param doing what was tried and on what
     */
    static NetworkException translate(String doing, IOException failure) {
        if (failure instanceof ClosedChannelException) {
            return new StreamClosedException(doing + ": the socket is closed");
        }
        Errno errno = errno(failure);
        if (errno != null) {
            return errno.exception(doing, BSD, failure);
        }
        String text = failure.getMessage();
        return new NetworkException(doing + ": " + (text == null ? failure.toString() : text), 0, failure);
    }

    /** As where the JDK has IPv4 sockets only, and the address is an IPv6 one. */
    static NetworkException translate(String doing, UnsupportedAddressTypeException failure) {
        String text = "address family not supported";
        return new NetworkException(doing + ": " + text, 0, new IOException(text, failure));
    }

    private static @Nullable Errno errno(IOException failure) {
        String message = failure.getMessage();
        Errno told = Errno.ofMessage(message);
        if (told != null) {
            return told;
        }
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        if (text.contains("timed out")) {
            return Errno.ETIMEDOUT; // macOS: "Operation timed out"
        }
        if (text.contains("forcibly closed")) {
            return Errno.ECONNRESET; // Windows
        }
        if (text.contains("connection was aborted")) {
            return Errno.ECONNABORTED; // Windows
        }
        // The C library speaks the user's language, so no text may match: then the class decides.
        if (failure instanceof NoRouteToHostException) {
            return Errno.EHOSTUNREACH;
        }
        return failure instanceof ConnectException || failure instanceof PortUnreachableException
                ? Errno.ECONNREFUSED
                : null;
    }

    static void checkResolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the address " + address.getHostString()
                    + " is not resolved: resolve it off the loop thread first");
        }
    }
}
