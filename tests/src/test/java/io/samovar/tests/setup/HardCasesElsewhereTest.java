package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hard cases give what plain Java would, whoever has compiled and woven them. */
@Timeout(180)
class HardCasesElsewhereTest {
    private static final String CASES = "io.samovar.tests.coroutine.HardCasesTest";
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "samovar", "tests", "coroutine")
            .toAbsolutePath();
    private static final List<String> FILES = List.of(
            SOURCES.resolve("HardCases.java").toString(),
            SOURCES.resolve("HardCasesTest.java").toString());

    @TempDir
    private Path directory;

    private void ecj(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("-jar", Tools.jar("ecj").toString(), "--release", "17", "-proc:none", "-nowarn", "-g"));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-d", directory.toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(FILES);
        Tools.java(directory, arguments).well();
    }

    private void javac(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--release", "17", "-nowarn", "-d", directory.toString()));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        arguments.addAll(FILES);
        StringWriter said = new StringWriter();
        try (PrintWriter out = new PrintWriter(said)) {
            ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
            assertThat(javac.run(out, out, arguments.toArray(String[]::new)))
                    .as(() -> said.toString())
                    .isZero();
        }
    }

    private void hardCasesHold(String... options) throws ClassNotFoundException {
        List<String> arguments = new ArrayList<>(List.of(options));
        // As the tests' own extension demands it.
        arguments.addAll(
                List.of("-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.targetRecords=20"));
        arguments.addAll(List.of(
                "-cp", directory + File.pathSeparator + System.getProperty("java.class.path"), Junit.class.getName()));
        List<String> tests = Arrays.stream(Class.forName(CASES).getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> CASES + '#' + method.getName())
                .filter(method -> !method.endsWith("everyWovenClassOfThisTreeIsSound")) // it looks at files
                // Eclipse's code for this fails the verifier, woven or not.
                .filter(method -> !method.endsWith("halfMadeObjectsInVariablesAreMadeLater"))
                // Eclipse's code drops a value that finally replaces, as it drops one that nobody wants.
                .filter(method -> !method.endsWith("aReturnedCoroutineRunsThoughItsFinallyReturnsAnother"))
                .toList();
        assertThat(tests).hasSizeGreaterThan(8);
        arguments.addAll(tests);
        Tools.java(directory, arguments).well();
    }

    @Test
    void asEclipseCompilesThemAndTheAgentWeavesThem() throws Exception {
        ecj();
        hardCasesHold("-javaagent:" + CompilerPath.jar());
    }

    @Test
    void asEclipseCompilesThemWithoutDebugInformation() throws Exception {
        ecj("-g:none");
        hardCasesHold("-javaagent:" + CompilerPath.jar());
    }

    @Test
    void asJavacCompilesThemAndTheAgentWeavesThem() throws Exception {
        javac("-proc:none", "-Xplugin:Samovar later");
        hardCasesHold("-javaagent:" + CompilerPath.jar());
    }

    @Test
    void asJavacCompilesAndWeavesThemWithoutDebugInformation() throws Exception {
        javac("-g:none", "-processorpath", CompilerPath.processorPath());
        hardCasesHold();
    }
}
