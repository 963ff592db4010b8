package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.Median;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Processor time and rate of several servers under several loads, measured several times. */
final class CpuTable {
    /** Of one server under one load: microseconds, and how many a second. */
    private record Row(List<Double> cpu, List<Double> rate) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final String what;

    /**
     * @param what is counted, such as "request"
     */
    CpuTable(String what) {
        this.what = what;
    }

    void note(String load, String server, CpuWindow window) {
        double cpuMicros = window.cpuMicros();
        double rate = window.rate();
        Row row = rows.computeIfAbsent(load + " | " + server, name -> new Row(new ArrayList<>(), new ArrayList<>()));
        row.cpu().add(cpuMicros);
        row.rate().add(rate);
        System.out.printf(
                "%s, %s: %s µs CPU/%s, %s %ss/s%n",
                load, server, Measure.text(cpuMicros), what, Measure.text(rate), what);
    }

    /** Prints the table, and writes it to a file of its own. */
    void write(String title, RunInfo info, Path directory) throws IOException {
        String page = page(title, info);
        System.out.println(page);
        Files.createDirectories(directory);
        Path file = directory.resolve(info.date() + "-jdk" + info.jdk() + '-' + title.toLowerCase(Locale.ROOT) + ".md");
        Files.writeString(file, page);
        System.out.println("written: " + file);
    }

    private String page(String title, RunInfo info) {
        StringBuilder page = new StringBuilder("# " + title + ", JDK " + info.jdk() + ", " + info.date());
        page.append("\n\n")
                .append(info.machine())
                .append("; ")
                .append(info.software())
                .append(".\n\n    ")
                .append(info.command())
                .append("\n\nMedians, and from the least to the most.\n\n| load | server | CPU µs/")
                .append(what)
                .append(" | ")
                .append(what)
                .append("s/s |\n|---|---|---:|---:|\n");
        rows.forEach((name, row) -> page.append("| ")
                .append(name)
                .append(" | ")
                .append(text(row.cpu()))
                .append(" | ")
                .append(text(row.rate()))
                .append(" |\n"));
        return page.toString();
    }

    private static String text(List<Double> values) {
        double[] all = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Measure.text(Median.of(all)) + " (" + Measure.text(all[0]) + "–" + Measure.text(all[all.length - 1])
                + ')';
    }
}
