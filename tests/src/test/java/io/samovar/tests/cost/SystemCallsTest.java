package io.samovar.tests.cost;

import static io.samovar.tests.cost.SystemCalls.Kind.CONTROLS;
import static io.samovar.tests.cost.SystemCalls.Kind.OTHERS;
import static io.samovar.tests.cost.SystemCalls.Kind.READS;
import static io.samovar.tests.cost.SystemCalls.Kind.WAITS;
import static io.samovar.tests.cost.SystemCalls.Kind.WRITES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.samovar.tests.cost.SystemCalls.Kind;
import io.samovar.tests.net.ForkedJvm;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message costs one read and one write, and all that come together share a wait. */
@Timeout(60)
class SystemCallsTest {
    private static final int CLIENTS = 64;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aMessageCostsAReadAndAWriteAndAWait(String transport) throws Exception {
        SystemCalls calls = new SystemCalls(directory);
        try (ForkedJvm jvm = start(transport, calls);
                Clients clients = new Clients(Integer.parseInt(jvm.answer()), 1, 64)) {
            clients.inTurn(10);
            Map<Kind, Long> before = all(calls);

            clients.inTurn(1_000);

            Map<Kind, Long> after = all(calls);
            assertThat(since(before, after, READS)).isEqualTo(1_000);
            assertThat(since(before, after, WRITES)).isEqualTo(1_000);
            // The one behind the last message may have come before or after either look.
            assertThat(since(before, after, WAITS)).isBetween(999L, 1_001L);
            assertThat(since(before, after, CONTROLS)).isZero();
            assertThat(since(before, after, OTHERS)).isZero();
            jvm.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void messagesThatComeTogetherShareAWait(String transport) throws Exception {
        SystemCalls calls = new SystemCalls(directory);
        try (ForkedJvm jvm = start(transport, calls);
                Clients clients = new Clients(Integer.parseInt(jvm.answer()), CLIENTS, 64)) {
            clients.inTurn(10);
            jvm.tell(EchoProcess.HOLD);
            assertThat(jvm.answer()).isEqualTo(EchoProcess.HOLD);
            clients.sendAll();
            Map<Kind, Long> before = all(calls);

            jvm.tell(EchoProcess.GO);
            clients.receiveAll();

            Map<Kind, Long> after = all(calls);
            assertThat(since(before, after, READS)).isEqualTo(CLIENTS);
            assertThat(since(before, after, WRITES)).isEqualTo(CLIENTS);
            // One for all, and the one behind the last answer, which may have begun.
            assertThat(since(before, after, WAITS)).isBetween(1L, 2L);
            assertThat(since(before, after, CONTROLS)).isZero();
            jvm.end();
        }
    }

    private static ForkedJvm start(String transport, SystemCalls calls) throws Exception {
        List<TransportProvider> providers = Transports.installed().stream()
                .filter(provider -> provider.name().equals(transport))
                .filter(provider -> provider.unavailabilityCause() == null)
                .toList();
        assumeTrue(!providers.isEmpty(), transport + " cannot be used here");
        return new ForkedJvm(providers.get(0), 1_000, List.of(), calls.environment(), EchoProcess.class);
    }

    private static Map<Kind, Long> all(SystemCalls calls) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, calls.count(kind));
        }
        return counts;
    }

    private static long since(Map<Kind, Long> before, Map<Kind, Long> after, Kind kind) {
        return after.get(kind) - before.get(kind);
    }
}
