package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.echo.Summary.Figure;
import java.util.List;
import java.util.Locale;

/**
 * A run as a picture: a panel for each scenario, a bar for each server, a line where the C server is. It brings a background of
 * its own, light or dark as the reader has it, and says each value in figures as well.
 */
final class SvgChart {
    private static final int WIDTH = 880;
    private static final int MARGIN = 24;
    private static final int HEAD = 64;
    private static final int COLUMNS = 2;
    private static final int PANEL_HEAD = 34;
    private static final int BAR = 16;
    private static final int STEP = 22;

    /** Where bars begin in a panel: behind the names. */
    private static final int NAMES = 104;

    /** For the figure behind the longest bar. */
    private static final int FIGURES = 44;

    private static final int PANEL = (WIDTH - MARGIN * (COLUMNS + 1)) / COLUMNS;

    /** A bar that is longer is cut, and its figure says how long it is. */
    private static final double LONGEST = 2.5;

    private static final String STYLE = """
            <style>
              svg { font-family: system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 12px }
              .page { fill: #ffffff } .text { fill: #1f2328 } .faint { fill: #59636e } .line { stroke: #1f2328 }
              .ours { fill: #0969da } .other { fill: #a8b3bf } .c { fill: #59636e }
              @media (prefers-color-scheme: dark) {
                .page { fill: #0d1117 } .text { fill: #f0f6fc } .faint { fill: #9198a1 } .line { stroke: #f0f6fc }
                .ours { fill: #4493f8 } .other { fill: #57606a } .c { fill: #9198a1 }
              }
            </style>
            """;

    private final RunInfo run;
    private final Summary summary;
    private final StringBuilder svg = new StringBuilder();

    SvgChart(RunInfo run, Summary summary) {
        this.run = run;
        this.summary = summary;
    }

    /** The file. */
    String svg() {
        List<Scenario> scenarios = summary.scenarios();
        int panelHeight = PANEL_HEAD + summary.servers().size() * STEP + MARGIN;
        int rows = (scenarios.size() + COLUMNS - 1) / COLUMNS;
        int height = HEAD + rows * panelHeight + MARGIN;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">%n",
                WIDTH, height, WIDTH, height);
        add("<title id=\"title\">Samovar and other servers, each as a ratio to plain C</title>%n");
        svg.append(STYLE);
        add("<rect class=\"page\" width=\"%d\" height=\"%d\"/>%n", WIDTH, height);
        text(
                "text",
                MARGIN,
                MARGIN + 8,
                "start",
                "600 16px",
                "CPU per " + unit() + " as a ratio to plain C: less is better");
        text(
                "faint",
                MARGIN,
                MARGIN + 26,
                "start",
                "12px",
                "JDK " + run.jdk() + ", " + run.date() + "; medians of the rounds; * only disturbed rounds");
        double longest = longest(scenarios);
        for (int i = 0; i < scenarios.size(); i++) {
            int left = MARGIN + i % COLUMNS * (PANEL + MARGIN);
            panel(scenarios.get(i), left, HEAD + i / COLUMNS * panelHeight, longest);
        }
        return svg.append("</svg>\n").toString();
    }

    /** One scale for all panels. */
    private double longest(List<Scenario> scenarios) {
        double longest = 1.2;
        for (Scenario scenario : scenarios) {
            for (Server server : summary.servers()) {
                double ratio = figure(scenario, server).ratio();
                longest = Double.isNaN(ratio) ? longest : Math.max(longest, ratio);
            }
        }
        return Math.min(longest, LONGEST);
    }

    private void panel(Scenario scenario, int left, int top, double longest) {
        String title = scenario.title() + (scenario.headline() == Measure.CPU ? "" : ": latency, p50");
        text("text", left, top + 18, "start", "600 13px", title);
        double unit = (PANEL - NAMES - FIGURES) / longest;
        int y = top + PANEL_HEAD;
        for (Server server : summary.servers()) {
            Figure figure = figure(scenario, server);
            text(
                    "text",
                    left + NAMES - 8,
                    y + BAR - 4,
                    "end",
                    server.isSamovar() ? "600 12px" : "12px",
                    server.title());
            if (Double.isNaN(figure.ratio())) {
                text("faint", left + NAMES + 4, y + BAR - 4, "start", "12px", "not measured");
            } else {
                double length = Math.min(figure.ratio(), longest) * unit;
                add(
                        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                        server == Server.C ? "c" : server.isSamovar() ? "ours" : "other", left + NAMES, y, length, BAR);
                String value = String.format(Locale.ROOT, "%.2f", figure.ratio()) + (figure.disturbed() ? "*" : "");
                double clear = figure.ratio() < 1 ? unit : length; // of the bar, and of the line
                text("text", left + NAMES + clear + 5, y + BAR - 4, "start", "12px", value);
            }
            y += STEP;
        }
        add(
                "<line class=\"line\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke-dasharray=\"3 3\"/>%n",
                left + NAMES + unit, left + NAMES + unit, top + PANEL_HEAD - 6, y);
    }

    private String unit() {
        return summary.scenarios().contains(Scenario.CHURN) ? Scenario.CHURN.unit() : Scenario.A.unit();
    }

    private Figure figure(Scenario scenario, Server server) {
        return summary.figure(scenario, server, scenario.headline());
    }

    private void text(String style, double x, int y, String anchor, String font, String words) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" style=\"font: %s system-ui, sans-serif\">%s</text>%n",
                style,
                x,
                y,
                anchor,
                font,
                words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotation is no dependency of ours
    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}
