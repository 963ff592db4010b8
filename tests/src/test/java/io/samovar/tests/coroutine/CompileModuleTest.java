package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coroutines in named modules. */
@Timeout(60)
class CompileModuleTest {
    @TempDir
    private Path output;

    @Test
    void aNamedModuleCompiles() throws IOException {
        String sample = """
                package sample;
                import io.samovar.*;
                final class Sample {
                    static Coroutine<Integer> twice(int i) { return Coroutine.of(2 * Async.await(Coroutine.of(i))); }
                }
                """;
        assertThat(Compilation.javac(
                        output,
                        List.of("--release", "17", "--module-path", modulePath()),
                        file("module-info.java", "module sample { requires io.samovar.engine; }"),
                        file("sample/package-info.java", "@Deprecated package sample;"),
                        file("sample/Sample.java", sample)))
                .filteredOn(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .isEmpty();
        assertThat(output.resolve("sample")).isDirectoryContaining("glob:**/Sample$$twice$0.class");
    }

    /** The engine and what it requires; not all that tests have are modules that get along with each other. */
    private static String modulePath() {
        List<String> wanted = List.of("engine", "netty-buffer", "netty-common", "jctools-core", "jspecify");
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> wanted.stream().anyMatch(entry::contains))
                .filter(entry -> !entry.contains("junit"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
