package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.echo.Summary.Figure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A run as a page of Markdown. */
final class MarkdownReport {
    private final RunInfo run;
    private final Summary summary;
    private final List<String> failures;

    /**
     * @param failures what could not be measured, and why
     */
    MarkdownReport(RunInfo run, Summary summary, List<String> failures) {
        this.run = run;
        this.summary = summary;
        this.failures = failures;
    }

    /**
     * The page.
     *
     * @param chart name of the file with the chart
     */
    String page(String chart) {
        StringBuilder page = new StringBuilder();
        page.append("# Samovar beside others, JDK ")
                .append(run.jdk())
                .append(", ")
                .append(run.date())
                .append("\n\n");
        page.append(run.machine()).append("; ").append(run.software()).append(".\n\n");
        page.append("    ").append(run.command()).append("\n\n");
        page.append("![The headline of each scenario as a ratio to the C server](")
                .append(chart)
                .append(")\n\n");
        page.append(how());
        headlines(page);
        for (Scenario scenario : summary.scenarios()) {
            scenario(page, scenario);
        }
        if (!failures.isEmpty()) {
            page.append("\n## What failed\n\n");
            failures.forEach(failure -> page.append("- ").append(failure).append('\n'));
        }
        return page.toString();
    }

    private String how() {
        return """
                Scenarios are connections × bytes of a message × messages in flight on each connection (1 if not said). Each \
                measurement has a fresh server process on core 0; the load generator, on core 1, sends the next message when an \
                answer is complete and checks every byte. CPU is user and system time of the server process, the kernel's TCP work \
                included. Ratios are to the C server in the same round; all figures are medians of the rounds. In 100 KiB the C \
                server reads at most 64 KiB at once.

                %d of %d windows were disturbed: others used a core for more than a tenth of the window, or the load generator waited \
                for its core, or the host took time away. What was disturbed is left out where a retry or another round was not; a \
                figure that has none but disturbed windows is marked `*`.
                """.formatted(summary.disturbed(), summary.windows());
    }

    private void headlines(StringBuilder page) {
        List<Server> servers = summary.servers();
        page.append("\n## Ratio to C\n\nCPU per ").append(unit());
        if (summary.scenarios().contains(Scenario.L)) {
            page.append("; for one connection, p50 of the latency");
        }
        page.append("\n\n| |");
        servers.forEach(server -> page.append(' ').append(server.title()).append(" |"));
        page.append("\n|---|").append("---:|".repeat(servers.size())).append('\n');
        for (Scenario scenario : summary.scenarios()) {
            page.append("| ").append(scenario.title()).append(" |");
            for (Server server : servers) {
                Figure figure = summary.figure(scenario, server, scenario.headline());
                String ratio = ratio(figure);
                page.append(' ').append(server.isSamovar() && !ratio.isEmpty() ? "**" + ratio + "**" : ratio);
                page.append(figure.disturbed() && !ratio.isEmpty() ? "* |" : " |");
            }
            page.append('\n');
        }
    }

    private void scenario(StringBuilder page, Scenario scenario) {
        page.append("\n## ").append(scenario.title()).append("\n\n| |");
        List<Measure> measures = Arrays.asList(Measure.values());
        measures.forEach(measure ->
                page.append(' ').append(measure.title(scenario.unit())).append(" | ÷ C |"));
        page.append(" rounds |\n|---|")
                .append("---:|".repeat(2 * measures.size() + 1))
                .append('\n');
        for (Server server : summary.servers()) {
            page.append("| ").append(server.title()).append(" |");
            for (Measure measure : measures) {
                Figure figure = summary.figure(scenario, server, measure);
                boolean known = !Double.isNaN(figure.value());
                page.append(' ').append(known ? Measure.text(figure.value()) : "");
                page.append(known && figure.disturbed() ? "* | " : " | ")
                        .append(ratio(figure))
                        .append(" |");
            }
            page.append(' ').append(summary.rounds(scenario, server)).append(" |\n");
        }
    }

    private String unit() {
        return summary.scenarios().contains(Scenario.CHURN) ? Scenario.CHURN.unit() : Scenario.A.unit();
    }

    private static String ratio(Figure figure) {
        double ratio = figure.ratio();
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio);
    }
}
