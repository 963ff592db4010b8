package io.samovar.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    private static final RunInfo RUN =
            new RunInfo("2026-01-02", "25", "a \"machine\"", "a <flag>", "benchmarks/run echo");

    @TempDir
    private Path directory;

    /** C takes 2 µs, the others 3, in two scenarios; Vert.x was always disturbed, and has no latency. */
    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (Server server : Server.values()) {
            double micros = server == Server.C ? 2 : 3;
            samples.add(
                    server == Server.VERTX
                            ? Samples.disturbed(server, Scenario.A, 1, 1, micros)
                            : Samples.quiet(server, Scenario.A, 1, 1, micros));
            if (server != Server.VERTX) {
                samples.add(Samples.quiet(server, Scenario.L, 1, 1, micros));
            }
        }
        return samples;
    }

    @Test
    void everyRowOfATableHasAsManyCellsAsItsHead() {
        String page = new MarkdownReport(RUN, new Summary(samples()), List.of()).page("chart.svg");

        long cells = 0;
        for (String line : page.lines().toList()) {
            long bars =
                    line.startsWith("|") ? line.chars().filter(c -> c == '|').count() : 0;
            assertThat(cells == 0 || bars == 0 || bars == cells).as(line).isTrue();
            cells = bars;
        }
    }

    @Test
    void thePageSaysWhatWasDisturbedAndWhatFailed() {
        String page =
                new MarkdownReport(RUN, new Summary(samples()), List.of("Netty: it did not start")).page("chart.svg");

        assertThat(page)
                .contains("| 64 × 64 B | 1.00 | **1.50** | **1.50** | 1.50 | 1.50 | 1.50* | 1.50 |")
                .contains("| 1 × 64 B | 1.00 | **1.00** | **1.00** | 1.00 | 1.00 |  | 1.00 |")
                .contains("1 of 13 windows were disturbed")
                .contains("- Netty: it did not start");
    }

    @Test
    void theChartIsXmlWithABarForEachServerThatWasMeasured() throws Exception {
        String svg = new SvgChart(RUN, new Summary(samples())).svg();

        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        Document document =
                factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        NodeList rectangles = document.getElementsByTagName("rect");
        List<String> bars = new ArrayList<>();
        for (int i = 0; i < rectangles.getLength(); i++) {
            bars.add(((Element) rectangles.item(i)).getAttribute("class"));
        }
        assertThat(bars).hasSize(1 + 7 + 6); // the page, and no bar for the latency of Vert.x
        assertThat(bars.stream().filter("ours"::equals)).hasSize(4);
        assertThat(svg).contains("1.50*").contains("not measured").contains("prefers-color-scheme: dark");
    }

    @Test
    void aRunIsReadBackAsItWasWritten() throws Exception {
        ResultFiles files = ResultFiles.create(directory, RUN, "echo");
        for (Sample sample : samples()) {
            files.append(sample);
        }

        ResultFiles.of(files.raw()).render(List.of());

        assertThat(Files.readString(files.page()))
                .isEqualTo(
                        new MarkdownReport(RUN, new Summary(samples()), List.of()).page("2026-01-02-jdk25-echo.svg"));
        assertThat(Files.readString(files.chart())).isEqualTo(new SvgChart(RUN, new Summary(samples())).svg());
    }

    @Test
    void aSecondRunOfADayLeavesTheFirstAlone() throws Exception {
        ResultFiles.create(directory, RUN, "echo");

        assertThat(ResultFiles.create(directory, RUN, "echo").page()).hasFileName("2026-01-02-jdk25-echo-2.md");
    }

    @Test
    void theTotalOfAHeapIsTheLastFigureOfItsHistogram() throws Exception {
        assertThat(HeapHistogram.total(" 1:  5  400  [B\nTotal         12345         678901\n"))
                .isEqualTo(678_901);
    }
}
