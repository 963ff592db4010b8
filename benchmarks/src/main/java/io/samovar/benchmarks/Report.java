package io.samovar.benchmarks;

import io.samovar.benchmarks.Section.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** Turns JMH's results into Markdown tables. */
final class Report {
    private static final Map<String, String> COLUMN_TITLES = Map.of(
            "samovar", "Samovar",
            "samovarPlainTraces", "Samovar, awaitTraces=false",
            "kotlin", "Kotlin",
            "kotlinPlainDispatcher", "Kotlin, plain dispatcher",
            "virtualThreads", "virtual threads",
            "plainJava", "plain Java");

    private Report() {}

    /** The tables that have rows. */
    static String times(Collection<RunResult> results) {
        StringBuilder page = new StringBuilder();
        for (Section section : Section.ALL) {
            Map<String, Map<String, Cost>> rows = rows(section, results);
            if (!rows.isEmpty()) {
                page.append("\n### ").append(section.title()).append("\n\n");
                page.append(section.unit()).append("\n\n");
                table(page, columns(section, rows), rows);
            }
        }
        return page.toString();
    }

    private static Map<String, Map<String, Cost>> rows(Section section, Collection<RunResult> results) {
        Map<String, Map<String, Cost>> rows = new LinkedHashMap<>();
        for (Row row : section.benchmarks()) {
            for (RunResult result : results) {
                BenchmarkParams params = result.getParams();
                String name = params.getBenchmark();
                if (name.startsWith(row.benchmark().getName() + '.')) {
                    rows.computeIfAbsent(row.title() + parameters(params), title -> new LinkedHashMap<>())
                            .put(name.substring(name.lastIndexOf('.') + 1), Cost.of(result));
                }
            }
        }
        return rows;
    }

    private static String parameters(BenchmarkParams params) {
        StringBuilder words = new StringBuilder();
        for (String key : params.getParamsKeys()) {
            words.append(", ")
                    .append(key)
                    .append(' ')
                    .append(params.getParam(key).toLowerCase(Locale.ROOT));
        }
        return words.toString();
    }

    private static List<String> columns(Section section, Map<String, Map<String, Cost>> rows) {
        List<String> columns = new ArrayList<>(section.columns());
        columns.removeIf(column -> rows.values().stream().noneMatch(row -> row.containsKey(column)));
        return columns;
    }

    private static void table(StringBuilder page, List<String> columns, Map<String, Map<String, Cost>> rows) {
        boolean compares = columns.size() > 1;
        page.append("| |");
        for (String column : columns) {
            page.append(' ').append(COLUMN_TITLES.get(column)).append(" |");
        }
        page.append(compares ? " ratio |\n|---|" : "\n|---|").append("---:|".repeat(columns.size()));
        page.append(compares ? "---:|\n" : "\n");
        rows.forEach((title, row) -> {
            page.append("| ").append(title).append(" |");
            for (String column : columns) {
                Cost cost = row.get(column);
                page.append(' ').append(cost == null ? "" : cost).append(" |");
            }
            page.append(compares ? ' ' + ratio(columns, row) + " |\n" : "\n");
        });
    }

    /** The first column to what it is compared with. */
    private static String ratio(List<String> columns, Map<String, Cost> row) {
        Cost ours = row.get(columns.get(0));
        String other = columns.get(1);
        double theirs = row.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(other)) // Kotlin's dispatchers
                .mapToDouble(entry -> entry.getValue().time())
                .min()
                .orElse(Double.NaN);
        return ours == null || Double.isNaN(theirs) ? "" : String.format(Locale.ROOT, "%.2f", ours.time() / theirs);
    }
}
