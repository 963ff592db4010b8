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
 * What must make no difference to a test of futures and tasks: the transport that the loop waits with.
 *
 * @param transport the transport whose sockets nobody uses; {@code null} for a loop that has none
 */
public record Mode(@Nullable TransportProvider transport) {
    /** For {@link EveryMode}. In the JVM that was started for kqueue, only what runs on kqueue. */
    static Stream<Named<Mode>> all() {
        List<Mode> modes = new ArrayList<>();
        if (!AvailableTransports.areForced()) {
            modes.add(new Mode(null));
        }
        AvailableTransports.all().forEach(provider -> modes.add(new Mode(provider.getPayload())));
        return modes.stream().map(mode -> Named.of(mode.toString(), mode));
    }

    /** A builder for a loop in this mode, whose time is virtual whatever it waits with. */
    EventLoop.Builder builder(VirtualClock clock) {
        return transport == null
                ? clock.builder()
                : EventLoop.builder().clock(clock).transport(new JumpingTransport.Provider(transport, clock));
    }

    @Override
    public String toString() {
        return transport == null ? "virtual" : transport.name();
    }
}
