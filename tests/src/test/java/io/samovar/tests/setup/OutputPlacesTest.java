package io.samovar.tests.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * javac writes class files to the directory of {@code -d}, or without it beside their sources, wherever it was started. There they
 * are woven, and others of the same name are left alone.
 */
@Timeout(120)
class OutputPlacesTest {
    private static final String TEA = """
            package tea;

            import static io.samovar.Async.await;
            import io.samovar.Async;
            import io.samovar.Coroutine;
            import io.samovar.testing.VirtualClock;
            import java.time.Duration;

            class Tea {
                static class Leaf {
                    static Coroutine<Integer> grow(int height) {
                        await(Async.sleep(Duration.ofDays(1)));
                        return Coroutine.of(height + 1);
                    }
                }

                public static void main(String[] arguments) {
                    try (var loop = new VirtualClock().openLoop()) {
                        System.out.println("grew " + loop.runUntilComplete(Leaf.grow(2)));
                    }
                }
            }
            """;

    /** It names what has {@code await}, so that whoever took it for the class would try to weave it. */
    private static final byte[] OTHER = "no class, and yet io/samovar/Async".getBytes(US_ASCII);

    @TempDir
    private Path directory;

    private Path source;

    @BeforeEach
    void writeSource() throws IOException {
        source = Files.createDirectories(directory.resolve("sources/tea")).resolve("Tea.java");
        Files.writeString(source, TEA);
    }

    private Tools.Ended javac(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Tools.ofJdk("javac"));
        command.addAll(List.of("--release", "17", "-cp", CompilerPath.userClassPath()));
        command.addAll(List.of("-processorpath", CompilerPath.processorPath()));
        command.addAll(List.of(options));
        command.add(source.toString());
        return Tools.run(directory, command);
    }

    private void assertRunsFrom(Path classes) {
        String classPath = classes + File.pathSeparator + CompilerPath.userClassPath();
        assertThat(Tools.java(directory, List.of("-cp", classPath, "tea.Tea"))
                        .well()
                        .said())
                .contains("grew 3");
    }

    /** Puts a file there that has the name of the class and has been there for a while. */
    private static Path other(Path classes) throws IOException {
        Path file = Files.createDirectories(classes.resolve("tea")).resolve("Tea$Leaf.class");
        return Files.setLastModifiedTime(Files.write(file, OTHER), FileTime.fromMillis(1_000_000_000_000L));
    }

    @Test
    void withoutDirectoryClassesAreWovenBesideTheirSources() {
        javac().well();
        assertThat(source.resolveSibling("Tea$Leaf$$grow$0.class")).isRegularFile();
        assertRunsFrom(directory.resolve("sources"));
    }

    @Test
    void withoutDirectoryClassesBelowTheWorkingDirectoryAreLeftAlone() throws IOException {
        Path other = other(directory);
        javac().well();
        assertThat(other).hasBinaryContent(OTHER);
        assertRunsFrom(directory.resolve("sources"));
    }

    @Test
    void withDirectoryClassesBesideTheSourcesAreLeftAlone() throws IOException {
        Path other = other(directory.resolve("sources"));
        javac("-d", "classes").well();
        assertThat(other).hasBinaryContent(OTHER);
        assertRunsFrom(directory.resolve("classes"));
    }

    @Test
    void theWorkingDirectoryMayBeWhereSourcesAndClassesAre() throws IOException {
        Files.createDirectory(directory.resolve("tea"));
        source = Files.move(source, directory.resolve("tea/Tea.java"));
        javac().well();
        assertRunsFrom(directory);
    }

    @Test
    void afterAnErrorClassesOfEarlierAreLeftAlone() throws IOException {
        Path beside = other(directory.resolve("sources"));
        Path output = other(directory.resolve("classes"));
        Files.writeString(source, TEA.replace("height + 1", "\"height\""));
        Tools.Ended ended = javac("-d", "classes");
        assertThat(ended.status()).isOne();
        assertThat(ended.said()).contains("1 error");
        assertThat(beside).hasBinaryContent(OTHER);
        assertThat(output).hasBinaryContent(OTHER);
    }
}
