package io.samovar.net;

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

/** Picks the implementation of TLS, and says which and why. One that is asked for by name is never replaced silently. */
final class TlsProviders {
    static final String AUTO = "auto";

    private static final Logger LOG = System.getLogger("io.samovar.net.tls");
    private static final String BORINGSSL = "boringssl";
    private static final String ARTIFACT = "io.samovar:samovar-tls-boringssl";

    /** The last line that was logged, so that a program with many settings says it once. */
    private static final AtomicReference<String> LAST_LINE = new AtomicReference<>("");

    private TlsProviders() {}

    /** Those that can be found, the best first; the JDK's among them. */
    static List<TlsProvider> installed() {
        List<TlsProvider> providers = new ArrayList<>();
        providers.add(new JdkTlsProvider());
        Iterator<TlsProvider> found = ServiceLoader.load(TlsProvider.class, TlsProviders.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                providers.add(found.next());
            } catch (ServiceConfigurationError | LinkageError broken) {
                LOG.log(Level.WARNING, "an implementation of TLS could not be loaded", broken);
            }
        }
        providers.sort(Comparator.comparingInt(TlsProvider::priority).reversed());
        return providers;
    }

    static TlsProvider select(String wanted) {
        return select(wanted, installed());
    }

    static TlsProvider select(String wanted, List<TlsProvider> providers) {
        String name = wanted.strip().toLowerCase(Locale.ROOT);
        return name.equals(AUTO) || name.isEmpty() ? best(providers) : named(name, providers);
    }

    /** An {@code SSLContext} is the JDK's. */
    static void checkJdk(String wanted) {
        String name = wanted.strip().toLowerCase(Locale.ROOT);
        if (!name.equals(AUTO) && !name.isEmpty() && !name.equals(JdkTlsProvider.NAME)) {
            throw new TlsConfigurationException(
                    "TLS by " + name + " was asked for, and an SSLContext was given, which is the JDK's");
        }
    }

    private static TlsProvider best(List<TlsProvider> providers) {
        List<String> refused = new ArrayList<>();
        for (TlsProvider provider : providers) {
            Throwable cause = refusal(provider);
            if (cause == null) {
                if (provider.name().equals(JdkTlsProvider.NAME) && refused.isEmpty()) {
                    refused.add(ARTIFACT + " is not on the class path");
                }
                logOnce("using TLS by " + provider.name()
                        + (refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ')'));
                return provider;
            }
            refused.add("not " + provider.name() + ": " + reason(cause));
        }
        throw new TlsConfigurationException("TLS cannot be had here: " + String.join("; ", refused));
    }

    private static TlsProvider named(String name, List<TlsProvider> providers) {
        for (TlsProvider provider : providers) {
            if (provider.name().equalsIgnoreCase(name)) {
                Throwable cause = refusal(provider);
                if (cause == null) {
                    logOnce("using TLS by " + name + " (asked for by name)");
                    return provider;
                }
                throw new TlsConfigurationException(
                        "TLS by " + name + " was asked for and cannot be used: " + reason(cause)
                                + (name.equals(BORINGSSL) ? "; it needs " + ARTIFACT + " with its dependencies" : ""),
                        cause);
            }
        }
        List<String> known = providers.stream().map(TlsProvider::name).toList();
        throw new TlsConfigurationException("unknown implementation of TLS \"" + name + "\": -D" + Tls.PROPERTY
                + " must be " + AUTO + " or one of " + String.join(", ", known)
                + (name.equals(BORINGSSL) ? "; add " + ARTIFACT : ""));
    }

    /** Why a provider cannot be used; one that cannot even say so has a part of itself missing. */
    private static @Nullable Throwable refusal(TlsProvider provider) {
        try {
            return provider.unavailabilityCause();
        } catch (RuntimeException | LinkageError broken) {
            return broken;
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
}
