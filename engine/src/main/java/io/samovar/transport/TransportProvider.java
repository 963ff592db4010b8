package io.samovar.transport;

import org.jspecify.annotations.Nullable;

/**
 * One way to wait for many sockets, found by {@link java.util.ServiceLoader}.
 *
 * <p>A provider is asked at start-up whether it can be used here; the one with the highest priority that can is taken,
 * unless the system property {@value Transports#PROPERTY} names another. Any thread may call a provider.
 */
public interface TransportProvider {
    /** The name by which {@value Transports#PROPERTY} selects this transport, such as {@code "epoll"}. */
    String name();

    /** Rank among the providers that can be used: the highest wins. The portable fallback has 0. */
    int priority();

    /**
     * Why this transport cannot be used in this process, in words that tell how to mend it.
     *
     * @return the reason, or {@code null} when the transport can be used
     */
    @Nullable
    Throwable unavailabilityCause();

    /**
     * Opens the transport for one loop. The thread that first polls it or opens a socket on it becomes its thread.
     *
     * @throws TransportUnavailableException if {@link #unavailabilityCause()} is not {@code null}
     */
    Transport open(TransportContext context);
}
