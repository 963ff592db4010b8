package io.samovar.echo;

import java.util.List;
import java.util.Locale;

/** The results of several transports, side by side. */
final class DemoTable {
    private DemoTable() {}

    /**
     * @param micros the unit of a microsecond
     */
    static String text(List<Demo.Row> rows, String micros) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-9s  %12s  %9s  %9s  %9s  %9s  %10s  %21s%n",
                "transport",
                "messages/s",
                "MB/s",
                "p50 " + micros,
                "p99 " + micros,
                "p99.9 " + micros,
                "max " + micros,
                "server CPU " + micros + "/message"));
        for (Demo.Row row : rows) {
            LoadResult load = row.load();
            Latency latency = load.latency();
            table.append(String.format(
                    Locale.ROOT,
                    "%-9s  %,12.0f  %,9.2f  %,9.1f  %,9.1f  %,9.1f  %,10.1f  %21.2f%s%n",
                    load.transport(),
                    load.messagesPerSecond(),
                    load.megabytesPerSecond(),
                    latency.p50(),
                    latency.p99(),
                    latency.p999(),
                    latency.max(),
                    row.serverCpuMicros(),
                    remarks(load)));
        }
        return table.toString();
    }

    private static String remarks(LoadResult load) {
        return (load.errors() == 0 ? "" : "  " + load.errors() + (load.errors() == 1 ? " error" : " errors"))
                + (load.interrupted() ? "  ended early" : "");
    }
}
