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
 * with, how tasks start, and debug mode.
 *
 * @param transport the transport whose sockets nobody uses; {@code null} for a loop that has none
 * @param eager whether a task that is made while the loop runs takes its first step at once
 * @param debug whether the loop is in debug mode
 */
public record Mode(@Nullable TransportProvider transport, boolean eager, boolean debug) {
    /** For {@link EveryMode}. In the JVM that was started for kqueue, only what runs on kqueue. */
    static Stream<Named<Mode>> all() {
        List<Mode> modes = new ArrayList<>();
        if (!AvailableTransports.areForced()) {
            addAll(modes, null);
        }
        AvailableTransports.all().forEach(provider -> addAll(modes, provider.getPayload()));
        return modes.stream().map(mode -> Named.of(mode.toString(), mode));
    }

    private static void addAll(List<Mode> modes, @Nullable TransportProvider transport) {
        for (boolean debug : new boolean[] {false, true}) {
            modes.add(new Mode(transport, false, debug));
            modes.add(new Mode(transport, true, debug));
        }
    }

    /** A builder for a loop in this mode, whose time is virtual whatever it waits with. */
    EventLoop.Builder builder(VirtualClock clock) {
        EventLoop.Builder builder = transport == null
                ? clock.builder()
                : EventLoop.builder().clock(clock).transport(new JumpingTransport.Provider(transport, clock));
        return builder.debug(debug);
    }

    @Override
    public String toString() {
        return (transport == null ? "virtual" : transport.name()) + (eager ? ", eager" : "") + (debug ? ", debug" : "");
    }
}
