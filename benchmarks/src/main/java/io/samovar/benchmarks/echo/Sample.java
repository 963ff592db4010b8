package io.samovar.benchmarks.echo;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one server did in one window.
 *
 * @param round counted from 1
 * @param attempt counted from 1; there are more if others have disturbed the first
 * @param wrong connections with a byte that was not the one that was sent
 * @param lost connections that ended before their time, the wrong ones included
 * @param silent connections without a message in the window
 * @param serverCpuSeconds user and system time of all its threads
 * @param loadWaitSeconds the load generator could have run, and another had its core
 * @param otherCpuSeconds what neither of the two used, on all cores
 * @param stealSeconds what the host took away
 * @param peakKilobytes VmHWM of the server
 */
record Sample(
        Server server,
        Scenario scenario,
        int round,
        int attempt,
        long messages,
        double seconds,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        long wrong,
        long lost,
        long silent,
        double serverCpuSeconds,
        double loadWaitSeconds,
        double otherCpuSeconds,
        double stealSeconds,
        long peakKilobytes) {

    /** From what a load generator has printed. */
    static Sample of(
            Server server, Scenario scenario, int round, int attempt, Map<String, String> load, long peakKilobytes) {
        double serverCpu = number(load, "server_cpu_s");
        double loadCpu = number(load, "load_cpu_s");
        return new Sample(
                server,
                scenario,
                round,
                attempt,
                (long) number(load, "messages"),
                number(load, "seconds"),
                number(load, "p50_us"),
                number(load, "p99_us"),
                number(load, "p999_us"),
                (long) number(load, "wrong"),
                (long) number(load, "lost"),
                (long) number(load, "silent"),
                serverCpu,
                number(load, "load_wait_s"),
                Math.max(0, number(load, "machine_cpu_s") - serverCpu - loadCpu),
                number(load, "steal_s"),
                peakKilobytes);
    }

    /** From a line that {@link #json()} has made. */
    static Sample read(Map<String, String> fields) {
        return new Sample(
                Server.valueOf(text(fields, "server").toUpperCase(Locale.ROOT).replace('-', '_')),
                Scenario.valueOf(text(fields, "scenario").toUpperCase(Locale.ROOT)),
                (int) number(fields, "round"),
                (int) number(fields, "attempt"),
                (long) number(fields, "messages"),
                number(fields, "seconds"),
                number(fields, "p50_us"),
                number(fields, "p99_us"),
                number(fields, "p999_us"),
                (long) number(fields, "wrong"),
                (long) number(fields, "lost"),
                (long) number(fields, "silent"),
                number(fields, "server_cpu_s"),
                number(fields, "load_wait_s"),
                number(fields, "other_cpu_s"),
                number(fields, "steal_s"),
                (long) number(fields, "peak_kb"));
    }

    /** One line. */
    String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server", server.id());
        fields.put("scenario", scenario.id());
        fields.put("round", round);
        fields.put("attempt", attempt);
        fields.put("messages", messages);
        fields.put("seconds", seconds);
        fields.put("p50_us", p50Micros);
        fields.put("p99_us", p99Micros);
        fields.put("p999_us", p999Micros);
        fields.put("wrong", wrong);
        fields.put("lost", lost);
        fields.put("silent", silent);
        fields.put("server_cpu_s", serverCpuSeconds);
        fields.put("load_wait_s", loadWaitSeconds);
        fields.put("other_cpu_s", otherCpuSeconds);
        fields.put("steal_s", stealSeconds);
        fields.put("peak_kb", peakKilobytes);
        fields.put("disturbed", disturbance().isDisturbed());
        return FlatJson.write(fields);
    }

    Disturbance disturbance() {
        return new Disturbance(otherCpuSeconds / seconds, loadWaitSeconds / seconds, stealSeconds / seconds);
    }

    /** Whether every message came back right. */
    boolean isRight() {
        return wrong == 0 && lost == 0 && messages > 0;
    }

    private static double number(Map<String, String> fields, String name) {
        return Double.parseDouble(text(fields, name));
    }

    private static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing in " + fields);
        }
        return value;
    }
}
