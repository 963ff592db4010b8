package io.samovar.benchmarks.echo;

import java.util.List;
import java.util.Locale;

/** One kind of load. */
enum Scenario {
    A(64, 64, 1, Measure.CPU, "64 × 64 B"),
    B(64, 1024, 1, Measure.CPU, "64 × 1 KiB"),
    C(64, 100 * 1024, 1, Measure.CPU, "64 × 100 KiB"),
    E(1000, 64, 1, Measure.CPU, "1,000 × 64 B"),
    F(64, 64, 16, Measure.CPU, "64 × 64 B × depth 16"),
    L(1, 64, 1, Measure.P50, "1 × 64 B"),
    /** Connections that come and go, 64 at a time; its "messages" are connections. */
    CHURN(64, 64, 1, Measure.CPU, "connect, echo 64 B, close");

    /** Those of the command {@code echo}. */
    static final List<Scenario> ECHOES = List.of(A, B, C, E, F, L);

    private final int connections;
    private final int size;
    private final int depth;
    private final Measure headline;
    private final String title;

    Scenario(int connections, int size, int depth, Measure headline, String title) {
        this.connections = connections;
        this.size = size;
        this.depth = depth;
        this.headline = headline;
        this.title = title;
    }

    /** Its name on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Connections × bytes of a message × messages in flight. */
    String title() {
        return title;
    }

    /** What is counted. */
    String unit() {
        return this == CHURN ? "connection" : "message";
    }

    /** What is looked at first. */
    Measure headline() {
        return headline;
    }

    /** The command of the load generator. */
    List<String> load(NativeTools tools, ServerProcess server, Timing timing, boolean jvm) {
        String port = "" + server.port();
        String warmUp = "" + timing.warmUp(jvm).toMillis();
        String window = "" + timing.window().toMillis();
        String pid = "" + server.pid();
        return this == CHURN
                ? List.of(tools.churnLoad(), port, "" + connections, "" + size, warmUp, window, pid)
                : List.of(tools.echoLoad(), port, "" + connections, "" + size, "" + depth, warmUp, window, pid, "0");
    }
}
