package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run is kept: raw lines as they come, so that a run that breaks off has not been in vain, and tables and a chart made of
 * them.
 */
final class ResultFiles {
    private final Path directory;
    private final String name;

    private ResultFiles(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** New files; a second run of a day gets a number. */
    static ResultFiles create(Path directory, RunInfo run, String what) throws IOException {
        Files.createDirectories(directory);
        String base = run.date() + "-jdk" + run.jdk() + '-' + what;
        String name = base;
        for (int i = 2; Files.exists(directory.resolve(name + ".jsonl")); i++) {
            name = base + '-' + i;
        }
        ResultFiles files = new ResultFiles(directory, name);
        Files.writeString(files.raw(), run.json() + '\n');
        return files;
    }

    /** The files of a run that was made. */
    static ResultFiles of(Path raw) {
        Path file = raw.getFileName();
        Path directory = raw.toAbsolutePath().getParent();
        if (file == null || directory == null || !file.toString().endsWith(".jsonl")) {
            throw new IllegalArgumentException("not a file of a run, which ends in .jsonl: " + raw);
        }
        return new ResultFiles(directory, file.toString().replaceAll("\\.jsonl$", ""));
    }

    /** One line for the run, and then one for each window. */
    Path raw() {
        return directory.resolve(name + ".jsonl");
    }

    Path page() {
        return directory.resolve(name + ".md");
    }

    Path chart() {
        return directory.resolve(name + ".svg");
    }

    void append(Sample sample) throws IOException {
        Files.writeString(raw(), sample.json() + '\n', StandardOpenOption.APPEND);
    }

    /** Makes the page and the chart of the raw lines. */
    void render(List<String> failures) throws IOException {
        List<String> lines = Files.readAllLines(raw());
        RunInfo run = RunInfo.read(FlatJson.read(lines.get(0)));
        List<Sample> samples = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            samples.add(Sample.read(FlatJson.read(line)));
        }
        Summary summary = new Summary(samples);
        Files.writeString(chart(), new SvgChart(run, summary).svg());
        Files.writeString(page(), new MarkdownReport(run, summary, failures).page(name + ".svg"));
    }
}
