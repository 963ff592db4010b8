package io.samovar.net;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * None of several addresses could be connected to. The failures of all are in the message and are {@linkplain
 * #getSuppressed() suppressed} here; {@link #errno()} and the cause are those of the first. If there is only one failure it is
 * thrown as it is instead. asyncio: {@code create_connection(all_errors=True)}.
 */
public final class ConnectFailedException extends NetworkException {
    private static final long serialVersionUID = 1L;

    private final transient List<NetworkException> failures;

    private ConnectFailedException(List<NetworkException> failures) {
        super(
                failures.stream()
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining("; ", "none of " + failures.size() + " addresses: ", "")),
                failures.get(0).errno(),
                Objects.requireNonNull(failures.get(0).getCause(), "a network failure has a cause"));
        this.failures = List.copyOf(failures);
        failures.forEach(this::addSuppressed);
    }

    /** What is thrown when these are all there is; there is at least one. */
    static NetworkException of(List<NetworkException> failures) {
        return failures.size() == 1 ? failures.get(0) : new ConnectFailedException(failures);
    }

    /** The failure for each address, in the order in which they were tried; those of names that were not found come first. */
    public List<NetworkException> failures() {
        return failures;
    }
}
