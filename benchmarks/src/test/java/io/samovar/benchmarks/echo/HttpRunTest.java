package io.samovar.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both HTTP servers under wrk, in windows that are too short for figures. */
@Timeout(120)
class HttpRunTest {
    @TempDir
    private Path directory;

    @Test
    void bothServersAnswerPipelinesWithoutAnError() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "wrk"))),
                "wrk is not installed");
        Path script = Files.writeString(directory.resolve("pipeline.lua"), HttpCommand.LOAD_SCRIPT);
        for (List<String> server : HttpCommand.SERVERS.values()) {
            CpuWindow window = HttpRun.QUICK.measure(
                    Cores.ANY, server, List.of("-s", script.toString()), directory.resolve("log"));
            assertThat(window.count()).isPositive();
            assertThat(window.cpuMicros()).isPositive();
        }
    }
}
