package io.samovar.tests.support;

import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The transports that a {@link TransportTest} runs on. */
public final class AvailableTransports {
    private AvailableTransports() {}

    /** Whether this JVM was started for one transport alone: kqueue, on a system that passes for macOS. */
    public static boolean areForced() {
        return KqueueShim.isRequested();
    }

    /** Kqueue alone in the JVM that was started for it; else all that can be used, NIO at the least. */
    public static Stream<Named<TransportProvider>> all() {
        List<TransportProvider> providers = KqueueShim.isRequested()
                ? List.of(Transports.select("kqueue"))
                : Transports.installed().stream()
                        .filter(provider -> provider.unavailabilityCause() == null)
                        .toList();
        if (providers.isEmpty()) {
            throw new IllegalStateException("no transport can be used here");
        }
        return providers.stream().map(provider -> Named.of(provider.name(), provider));
    }
}
