package io.samovar.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Picks the transport: the best that can be used here, or the one that the system property {@value #PROPERTY} names.
 *
 * <p>The choice is never silent: one line at level INFO of the logger {@code io.samovar.transport} names it and says why
 * each better one was refused. One that is asked for by name and cannot be used is an error, never a fallback. Any
 * thread may call this class.
 */
public final class Transports {
    /** The system property that selects a transport: {@code auto} (the default) or the name of one. */
    public static final String PROPERTY = "samovar.transport";

    /** The value of {@link #PROPERTY} that leaves the choice to us. */
    public static final String AUTO = "auto";

    private static final Logger LOG = System.getLogger("io.samovar.transport");
    /** The last line that was logged, so that a program with many loops says it once. */
    private static final AtomicReference<String> LAST_LINE = new AtomicReference<>("");

    private Transports() {}

    /** The providers on the class path or module path, the best first. */
    public static List<TransportProvider> installed() {
        List<TransportProvider> providers = new ArrayList<>();
        Iterator<TransportProvider> found = ServiceLoader.load(
                        TransportProvider.class, Transports.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                providers.add(found.next());
            } catch (ServiceConfigurationError | LinkageError broken) { // the others may be all right
                providers.add(new BrokenProvider(broken));
            }
        }
        providers.sort(Comparator.comparingInt(TransportProvider::priority).reversed());
        return providers;
    }

    /**
     * The provider that the system property {@value #PROPERTY} selects.
     *
     * @throws TransportUnavailableException if there is none, or if the one that is asked for cannot be used
     */
    public static TransportProvider select() {
        return select(System.getProperty(PROPERTY, AUTO));
    }

    /**
     * The provider with this name, or the best for {@code "auto"}.
     *
     * @throws TransportUnavailableException if there is none, or if the one that is asked for cannot be used
     */
    public static TransportProvider select(String wanted) {
        return select(wanted, installed());
    }

    static TransportProvider select(String wanted, List<TransportProvider> providers) {
        String name = wanted.strip().toLowerCase(Locale.ROOT);
        if (providers.isEmpty()) {
            throw new TransportUnavailableException("no transport is on the class path: add"
                    + " io.samovar:samovar-transport-epoll, io.samovar:samovar-transport-kqueue or"
                    + " io.samovar:samovar-transport-nio");
        }
        return name.equals(AUTO) || name.isEmpty() ? best(providers) : named(name, providers);
    }

    private static TransportProvider best(List<TransportProvider> providers) {
        List<String> refused = new ArrayList<>();
        @Nullable Throwable first = null;
        for (TransportProvider provider : providers) {
            Throwable cause = refusal(provider);
            if (cause == null) {
                String line = "using transport " + provider.name()
                        + (refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ')');
                logOnce(line);
                return provider;
            }
            first = first == null ? cause : first;
            refused.add("not " + provider.name() + ": " + reason(cause));
        }
        throw new TransportUnavailableException(
                "no transport can be used here: " + String.join("; ", refused)
                        + "; add io.samovar:samovar-transport-nio, which works everywhere",
                first);
    }

    private static TransportProvider named(String name, List<TransportProvider> providers) {
        for (TransportProvider provider : providers) {
            if (provider.name().equalsIgnoreCase(name)) {
                Throwable cause = refusal(provider);
                if (cause == null) {
                    logOnce("using transport " + name + " (asked for by name)");
                    return provider;
                }
                throw new TransportUnavailableException(
                        "transport " + name + " was asked for and cannot be used: " + reason(cause), cause);
            }
        }
        List<String> known = providers.stream().map(TransportProvider::name).toList();
        throw new TransportUnavailableException("unknown transport \"" + name + "\": -D" + PROPERTY + " must be "
                + AUTO + " or one of " + String.join(", ", known)
                + (name.matches("epoll|kqueue|nio") ? "; add io.samovar:samovar-transport-" + name : ""));
    }

    /** Why a provider cannot be used; one that cannot even say so has a part of itself missing. */
    private static @Nullable Throwable refusal(TransportProvider provider) {
        try {
            return provider.unavailabilityCause();
        } catch (RuntimeException | LinkageError broken) {
            return new TransportUnavailableException("it is not complete: " + broken, broken);
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static void logOnce(String line) {
        if (!line.equals(LAST_LINE.getAndSet(line))) {
            LOG.log(Level.INFO, line);
        }
    }

    /** Stands for a provider that could not be made, so that the choice can say why it was passed over. */
    private record BrokenProvider(Throwable cause) implements TransportProvider {
        @Override
        public String name() {
            return "a transport";
        }

        @Override
        public int priority() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Throwable unavailabilityCause() {
            return cause;
        }

        @Override
        public Transport open(TransportContext context) {
            throw new TransportUnavailableException("this transport could not be made", cause);
        }
    }
}
