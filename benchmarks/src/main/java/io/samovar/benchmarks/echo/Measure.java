package io.samovar.benchmarks.echo;

import java.util.Locale;

/** What servers are compared by. */
enum Measure {
    CPU("CPU µs/%s"),
    RATE("%ss/s"),
    P50("p50 µs"),
    P99("p99 µs"),
    P999("p99.9 µs"),
    MEMORY("peak RSS MB");

    private final String title;

    Measure(String title) {
        this.title = title;
    }

    /**
     * With its unit.
     *
     * @param counted a message or a connection
     */
    String title(String counted) {
        return title.replace("%s", counted);
    }

    double of(Sample sample) {
        return switch (this) {
            case CPU -> sample.serverCpuSeconds() * 1e6 / sample.messages();
            case RATE -> sample.messages() / sample.seconds();
            case P50 -> sample.p50Micros();
            case P99 -> sample.p99Micros();
            case P999 -> sample.p999Micros();
            case MEMORY -> sample.peakKilobytes() / 1024.0;
        };
    }

    /** With three significant digits at the least. */
    static String text(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size < 1 ? "%.3f" : size < 10 ? "%.2f" : size < 1000 ? "%.1f" : "%,.0f", value);
    }
}
