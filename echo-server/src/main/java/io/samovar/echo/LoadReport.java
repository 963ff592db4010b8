package io.samovar.echo;

import java.util.Locale;

/** The result of a run, for people and for machines. */
final class LoadReport {
    private LoadReport() {}

    /**
     * A table.
     *
     * @param micros the unit of a microsecond
     */
    static String text(LoadResult result, String micros) {
        LoadPlan plan = result.plan();
        Latency latency = result.latency();
        StringBuilder table = new StringBuilder();
        line(table, "%s to %s, transport %s", plan.text(), result.server(), result.transport());
        line(
                table,
                "measured %.1f s%s after %.1f s of warm-up",
                result.seconds(),
                result.interrupted() ? " (ended early)" : "",
                plan.warmup().toNanos() / 1e9);
        line(table, "");
        line(table, "  messages/s        %,14.0f", result.messagesPerSecond());
        line(table, "  MB/s              %,14.2f  payload, one way", result.megabytesPerSecond());
        line(table, "  mean latency      %,14.1f  %s", latency.mean(), micros);
        line(table, "  p50               %,14.1f", latency.p50());
        line(table, "  p90               %,14.1f", latency.p90());
        line(table, "  p99               %,14.1f", latency.p99());
        line(table, "  p99.9             %,14.1f", latency.p999());
        line(table, "  max               %,14.1f", latency.max());
        line(table, "  errors            %,14d%s", result.errors(), errors(result));
        return table.toString();
    }

    private static String errors(LoadResult result) {
        if (result.errors() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "  connections: %d with a wrong byte, %d lost, %d without an answer",
                result.mismatches(),
                result.lost(),
                result.unanswered());
    }

    /** One JSON object on one line. */
    static String json(LoadResult result) {
        LoadPlan plan = result.plan();
        Latency latency = result.latency();
        StringBuilder object = new StringBuilder();
        line(
                object,
                "{\"server\":%s,\"transport\":%s,\"connections\":%d,\"size\":%d,\"depth\":%d,\"warmup_seconds\":%.3f,"
                        + "\"seconds\":%.3f,\"messages\":%d,\"messages_per_second\":%.1f,\"megabytes_per_second\":%.3f,"
                        + "\"latency_us\":{\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p99.9\":%.1f,"
                        + "\"max\":%.1f},\"verified_bytes\":%d,\"mismatches\":%d,\"lost_connections\":%d,"
                        + "\"unanswered_connections\":%d,\"failure\":%s,\"interrupted\":%b}",
                quoted(result.server()),
                quoted(result.transport()),
                plan.connections(),
                plan.size(),
                plan.depth(),
                plan.warmup().toNanos() / 1e9,
                result.seconds(),
                result.messages(),
                result.messagesPerSecond(),
                result.megabytesPerSecond(),
                latency.mean(),
                latency.p50(),
                latency.p90(),
                latency.p99(),
                latency.p999(),
                latency.max(),
                result.verifiedBytes(),
                result.mismatches(),
                result.lost(),
                result.unanswered(),
                result.failure() == null ? "null" : quoted(result.failure()),
                result.interrupted());
        return object.toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotation is no dependency of ours
    private static void line(StringBuilder to, String format, Object... arguments) {
        to.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
    }
}
