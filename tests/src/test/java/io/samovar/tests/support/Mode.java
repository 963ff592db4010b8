package io.samovar.tests.support;

import io.samovar.EventLoop;
import io.samovar.testing.VirtualClock;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;

/**
 * What must make no difference to a test of futures and tasks, or a difference that it knows: the transport that the loop waits
 * with, and how tasks start.
 *
 * @param transport the transport whose sockets nobody uses; {@code null} for a loop that has none
 * @param eager whether a task that is made while the loop runs takes its first step at once
 */
public record Mode(@Nullable TransportProvider transport, boolean eager) {
    /** For {@link EveryMode}. In the JVM that was started for kqueue, only what runs on kqueue. */
    static Stream<Named<Mode>> all() {
        List<Mode> modes = new ArrayList<>();
        if (!AvailableTransports.areForced()) {
            addBoth(modes, null);
        }
        AvailableTransports.all().forEach(provider -> addBoth(modes, provider.getPayload()));
        return modes.stream().map(mode -> Named.of(mode.toString(), mode));
    }

    private static void addBoth(List<Mode> modes, @Nullable TransportProvider transport) {
        modes.add(new Mode(transport, false));
        modes.add(new Mode(transport, true));
    }

    /** A builder for a loop in this mode, whose time is virtual whatever it waits with. */
    EventLoop.Builder builder(VirtualClock clock) {
        return transport == null
                ? clock.builder()
                : EventLoop.builder().clock(clock).transport(new JumpingTransport.Provider(transport, clock));
    }

    @Override
    public String toString() {
        return (transport == null ? "virtual" : transport.name()) + (eager ? ", eager" : "");
    }
}
