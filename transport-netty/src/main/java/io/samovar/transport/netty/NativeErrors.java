package io.samovar.transport.netty;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.UnreachableException;
import io.samovar.transport.Errno;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the exceptions of Netty's native sockets into ours. */
final class NativeErrors {
    /**
     * Whether the C library counts its errors as the BSDs do. Asked of the library, not of {@code os.name}, so that it is
     * right wherever the library was built.
     */
    static final boolean BSD = -Errors.ERRNO_ECONNRESET_NEGATIVE == Errno.ECONNRESET.number(true);

    /** A failed connect carries its number in the message only. */
    private static final Pattern NUMBER = Pattern.compile("error\\(-(\\d+)\\)");

    private NativeErrors() {}

    /**
     * @param doing what was tried and on what
     */
    static NetworkException translate(String doing, IOException failure) {
        if (failure instanceof ClosedChannelException) {
            return new StreamClosedException(doing + ": the socket is closed");
        }
        if (failure instanceof NoRouteToHostException) {
            // Netty makes it of two errors and keeps their number to itself.
            return new UnreachableException(
                    doing + ": no way leads to the host or its network (EHOSTUNREACH or ENETUNREACH)", 0, failure);
        }
        int number = number(failure);
        Errno errno = Errno.of(number, BSD);
        return errno != null
                ? errno.exception(doing, BSD, failure)
                : new NetworkException(doing + ": " + failure.getMessage(), number, failure);
    }

    /** The error's number, or 0. */
    static int number(IOException failure) {
        if (failure instanceof NativeIoException nativeFailure) {
            return -nativeFailure.expectedErr();
        }
        String message = failure instanceof ConnectException ? failure.getMessage() : null;
        Matcher matcher = NUMBER.matcher(message == null ? "" : message);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    static void checkResolved(@Nullable InetSocketAddress address) {
        if (address != null && address.isUnresolved()) {
            throw new IllegalArgumentException("the address " + address.getHostString()
                    + " is not resolved: resolve it off the loop thread first");
        }
    }
}
