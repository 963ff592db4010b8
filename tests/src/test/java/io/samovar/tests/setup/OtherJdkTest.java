package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one JDK has compiled runs on others: the hard cases, on each JDK that is installed beside this one. */
@Timeout(180)
class OtherJdkTest {
    private static final Path OWN = Path.of(System.getProperty("java.home"));
    private static final int OLDEST = 17;

    @TempDir
    private Path directory;

    private static List<Path> others() throws IOException {
        Path own = OWN.toRealPath();
        try (Stream<Path> siblings = Files.list(own.getParent())) {
            return siblings.filter(home -> Files.isExecutable(home.resolve("bin/java")) && feature(home) >= OLDEST)
                    .map(OtherJdkTest::real)
                    .distinct()
                    .filter(home -> !home.equals(own))
                    .toList();
        }
    }

    private static Path real(Path home) {
        try {
            return home.toRealPath();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** 17 of the line {@code JAVA_VERSION="17.0.15"}; 0 if nothing says it. */
    private static int feature(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("^JAVA_VERSION=\"([0-9]+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException none) {
            return 0;
        }
    }

    @Test
    void theHardCasesRunOnEach() throws IOException {
        List<Path> others = others();
        assumeThat(others).as("JDKs beside " + OWN).isNotEmpty();
        for (Path home : others) {
            Tools.Ended ended = Tools.run(
                    directory,
                    List.of(
                            home.resolve("bin/java").toString(),
                            "-ea",
                            "-Xverify:all",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.samovar.tests.coroutine.HardCasesRun"));
            assertThat(ended.well().said()).as("on " + home).containsPattern("[1-9][0-9]* passed");
        }
    }
}
