package io.samovar.benchmarks.echo;

/** Samples with round figures. */
final class Samples {
    private Samples() {}

    /** A thousand messages in a second, with so many µs of CPU each. */
    static Sample quiet(Server server, Scenario scenario, int round, int attempt, double cpuMicros) {
        return sample(server, scenario, round, attempt, cpuMicros, 0, 0);
    }

    /** The same, while others used a core. */
    static Sample disturbed(Server server, Scenario scenario, int round, int attempt, double cpuMicros) {
        return sample(server, scenario, round, attempt, cpuMicros, 0.5, 0);
    }

    /** The same, with a connection that got a wrong byte. */
    static Sample wrong(Server server, Scenario scenario, int round, double cpuMicros) {
        return sample(server, scenario, round, 1, cpuMicros, 0, 1);
    }

    private static Sample sample(
            Server server, Scenario scenario, int round, int attempt, double cpuMicros, double others, long wrong) {
        return new Sample(
                server,
                scenario,
                round,
                attempt,
                1000,
                1,
                10,
                20,
                30,
                wrong,
                wrong,
                0,
                cpuMicros / 1000,
                0,
                others,
                0,
                2048);
    }
}
