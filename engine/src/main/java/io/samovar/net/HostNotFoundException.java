package io.samovar.net;

import io.samovar.AsyncTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A host's addresses could not be found: there is no such host, or whoever knows could not be asked. asyncio: {@code gaierror}. */
public final class HostNotFoundException extends NetworkException {
    private static final long serialVersionUID = 1L;

    /** How the name services of Linux (glibc, musl), macOS and Windows say that they know of no such host. */
    private static final List<String> FINAL_WORDS = List.of(
            "not known",
            "no address associated",
            "does not resolve",
            "no usable address",
            "no such host",
            "non-recoverable");

    private final String host;
    private final boolean mayBeTemporary;

    /**
     * @param host that was asked for
     * @param reason for people
     * @param mayBeTemporary {@code false} if asking again is in vain
     */
    public HostNotFoundException(String host, String reason, boolean mayBeTemporary, IOException cause) {
        super(HostName.printable("cannot resolve '" + host + "': " + reason), 0, cause);
        this.host = Objects.requireNonNull(host);
        this.mayBeTemporary = mayBeTemporary;
    }

    /** The host that was asked for. */
    public String host() {
        return host;
    }

    /**
     * Whether it may be worth asking again later: a name server did not answer, or the system does not say why there is no
     * answer (the JDK does not while it remembers a failure, for 10 seconds).
     */
    public boolean mayBeTemporary() {
        return mayBeTemporary;
    }

    /** For what a name cannot be or has not. */
    static HostNotFoundException forGood(String host, String reason) {
        return new HostNotFoundException(host, reason, false, new UnknownHostException(reason));
    }

    /** What a resolver has thrown, as what the program gets to see. */
    static RuntimeException translate(String host, Throwable failure) {
        if (failure instanceof AsyncTimeoutException) { // a time limit of the resolver's own
            return fromResolver(host, "the look-up took too long", failure);
        }
        if (failure instanceof RuntimeException asItIs) {
            return asItIs;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return fromResolver(host, reason(host, failure), failure);
    }

    private static HostNotFoundException fromResolver(String host, String reason, Throwable failure) {
        IOException cause = failure instanceof IOException io ? io : new IOException(failure);
        return new HostNotFoundException(host, reason, !isFinal(reason), cause);
    }

    /** The JDK's messages begin with the name, and may have nothing else. */
    private static String reason(String host, Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.equals(host)) {
            return "no reason was given";
        }
        return message.startsWith(host + ": ") ? message.substring(host.length() + 2) : message;
    }

    private static boolean isFinal(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        return FINAL_WORDS.stream().anyMatch(lower::contains);
    }
}
