package io.samovar.net;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TlsClient} and {@link TlsServer} have in common. Immutable: each method gives settings of its own, with a cache
 * of sessions of its own. Any thread may use them.
 *
 * @param <S> the settings themselves
 */
public abstract sealed class TlsSettings<S extends TlsSettings<S>> permits TlsClient, TlsServer {
    /** As asyncio's OpenSSL has it, without what is old. */
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Forward secrecy and authenticated encryption only: what Mozilla calls "intermediate", without finite-field DH. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Settings settings;
    final @Nullable SSLContext context;

    /** Guarded by {@code this} when it is made. */
    private volatile @Nullable TlsEngines engines;

    /** What can be set; never changed once a {@link TlsSettings} has it. */
    static final class Settings {
        static final Settings DEFAULT = new Settings();

        private List<String> protocols = PROTOCOLS;
        private List<String> ciphers = CIPHERS;
        private List<String> applicationProtocols = List.of();
        private int sessionCacheSize = 20_000;
        private Duration sessionTimeout = Duration.ofHours(24);
        private boolean setsSessions;
        private Duration handshakeLimit = LIMIT;
        private Duration shutdownLimit = LIMIT;
        private @Nullable String provider;

        private Settings() {}

        private Settings(Settings from) {
            protocols = from.protocols;
            ciphers = from.ciphers;
            applicationProtocols = from.applicationProtocols;
            sessionCacheSize = from.sessionCacheSize;
            sessionTimeout = from.sessionTimeout;
            setsSessions = from.setsSessions;
            handshakeLimit = from.handshakeLimit;
            shutdownLimit = from.shutdownLimit;
            provider = from.provider;
        }

        List<String> protocols() {
            return protocols;
        }

        List<String> ciphers() {
            return ciphers;
        }

        List<String> applicationProtocols() {
            return applicationProtocols;
        }

        int sessionCacheSize() {
            return sessionCacheSize;
        }

        Duration sessionTimeout() {
            return sessionTimeout;
        }

        Duration handshakeLimit() {
            return handshakeLimit;
        }

        Duration shutdownLimit() {
            return shutdownLimit;
        }
    }

    TlsSettings(Settings settings, @Nullable SSLContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** A copy with other settings. */
    abstract S with(Settings other);

    /** What the engines are made of. May block. */
    abstract TlsParameters parameters();

    /**
     * The versions that are allowed, the best first; {@code TLSv1.3} and {@code TLSv1.2} by default. Older ones are broken.
     *
     * @throws IllegalArgumentException if there is none
     */
    public final S protocols(String... versions) {
        return changed(to -> to.protocols = notEmpty("protocols", versions));
    }

    /**
     * The ciphers that are allowed, by their IANA names, the best first; a server goes by this order. Forward-secret AEAD
     * ciphers by default.
     *
     * @throws IllegalArgumentException if there is none
     */
    public final S ciphers(String... suites) {
        return changed(to -> to.ciphers = notEmpty("ciphers", suites));
    }

    /**
     * What to speak inside, such as {@code "h2", "http/1.1"}, the best first (ALPN); a server goes by its own order. {@link
     * TcpStream#applicationProtocol()} tells what was agreed upon. Nothing in common is no failure, as in asyncio: that
     * is {@code null} then.
     */
    public final S applicationProtocols(String... protocols) {
        return changed(to -> to.applicationProtocols = List.of(protocols));
    }

    /**
     * How many sessions may be kept to be resumed, and how long; 20,000 and a day by default. An {@code SSLContext} that was given
     * keeps its own numbers unless this is called, and then they are changed for all who use it.
     *
     * @param size more than 0
     * @param timeout whole seconds, more than 0
     */
    public final S sessionCache(int size, Duration timeout) {
        if (size < 1) {
            throw new IllegalArgumentException("the size of the session cache must be at least 1, and is " + size);
        }
        return changed(to -> {
            to.sessionCacheSize = size;
            to.sessionTimeout = positive("session timeout", timeout);
            to.setsSessions = true;
        });
    }

    /**
     * How long a handshake may take before it fails with {@link TlsHandshakeException}; 10 s by default: two round trips
     * and some arithmetic, with room for lost packets. asyncio: {@code ssl_handshake_timeout}, 60 s, for which any stranger
     * may occupy a connection.
     */
    public final S handshakeLimit(Duration limit) {
        return changed(to -> to.handshakeLimit = positive("handshake limit", limit));
    }

    /**
     * How long to wait for the peer's goodbye after our own, before the connection is closed without; 10 s by default.
     * asyncio: {@code ssl_shutdown_timeout}, 30 s.
     */
    public final S shutdownLimit(Duration limit) {
        return changed(to -> to.shutdownLimit = positive("shutdown limit", limit));
    }

    /**
     * Chooses the implementation for these settings alone, whatever the system property {@value Tls#PROPERTY} says.
     *
     * @param name {@code auto}, {@code jdk} or {@code boringssl}
     */
    public final S provider(String name) {
        return changed(to -> to.provider = name);
    }

    private S changed(Consumer<Settings> change) {
        Settings copy = new Settings(settings);
        change.accept(copy);
        return with(copy);
    }

    final Settings settings() {
        return settings;
    }

    /** What makes the engines, if it was made already. */
    final @Nullable TlsEngines enginesIfMade() {
        return engines;
    }

    /** What makes the engines. The first call reads files and may block. */
    final TlsEngines engines() {
        TlsEngines made = engines;
        if (made == null) {
            synchronized (this) {
                made = engines;
                if (made == null) {
                    made = makeEngines();
                    engines = made;
                }
            }
        }
        return made;
    }

    private TlsEngines makeEngines() {
        SSLContext given = context;
        String wanted = Objects.requireNonNullElseGet(
                settings.provider, () -> System.getProperty(Tls.PROPERTY, TlsProviders.AUTO));
        if (given != null) {
            TlsProviders.checkJdk(wanted);
            return new JdkTlsEngines(given, parameters(), settings.setsSessions);
        }
        return TlsProviders.select(wanted).open(parameters());
    }

    static List<String> notEmpty(String what, String[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there must be at least one of: " + what);
        }
        return List.of(values);
    }

    static Duration positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the " + what + " must be more than 0, and is " + duration);
        }
        return duration;
    }
}
