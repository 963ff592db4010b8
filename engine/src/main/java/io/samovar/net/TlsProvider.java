package io.samovar.net;

import org.jspecify.annotations.Nullable;

/**
 * An implementation of TLS, found by {@link java.util.ServiceLoader}. The JDK's is built in.
 *
 * <p>Any thread may call it.
 */
public interface TlsProvider {
    /** What {@code -Dsamovar.tls} calls it, such as {@code boringssl}. */
    String name();

    /** The one with the highest that can be used is chosen; the JDK's has 0. */
    int priority();

    /** Why it cannot be used here, or {@code null} if it can. */
    @Nullable
    Throwable unavailabilityCause();

    /**
     * Makes what makes engines. May block, as it may read files.
     *
     * @throws TlsConfigurationException if it cannot be done like that
     */
    TlsEngines open(TlsParameters parameters);
}
