package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be a coroutine is an error at its line, and says how to mend it. */
@Timeout(60)
class CompileErrorsTest {
    @TempDir
    private Path output;

    /** Compiles a class with these members, one to a line from line 5 on, and gives the errors as "line: message". */
    private List<String> errors(String... members) throws IOException {
        String source = """
                import static io.samovar.Async.await;
                import io.samovar.*;
                import java.util.function.*;
                class Sample { static Coroutine<Integer> tea() { await(Coroutine.of(1)); return Coroutine.of(2); }
                %s
                }
                """.formatted(String.join("\n", members));
        return compile("-cp", List.of(file("Sample.java", source)));
    }

    private static JavaFileObject file(String name, String source) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private List<String> compile(String pathOption, List<JavaFileObject> sources) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(diagnostics, null, null)) {
            List<String> options = List.of(
                    "--release",
                    "17",
                    "-d",
                    output.toString(),
                    pathOption,
                    System.getProperty("java.class.path"),
                    "-processorpath",
                    CompilerPath.processorPath());
            javac.getTask(null, files, diagnostics, options, null, sources).call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getLineNumber() + ": " + diagnostic.getMessage(null))
                .toList();
    }

    private void fails(int line, String message, String... members) throws IOException {
        assertThat(errors(members))
                .singleElement()
                .asString()
                .startsWith(line + ": ")
                .contains(message);
    }

    @Test
    void coroutinesCompile() throws IOException {
        assertThat(errors(
                        "Coroutine<Integer> method() { return Coroutine.of(await(tea())); }",
                        "Supplier<Coroutine<Integer>> lambda = () -> { int i = await(tea()); return Coroutine.of(i); };",
                        "Task<Integer> task() { return Async.createTask(tea()); }",
                        "Coroutine<Integer> handsOn() { return tea(); }",
                        "Coroutine<Integer> locked() { synchronized (await(tea())) { return Coroutine.of(1); } }"))
                .isEmpty();
    }

    @Test
    void aNamedModuleCompiles() throws IOException {
        String sample = """
                package sample;
                import io.samovar.*;
                final class Sample {
                    static Coroutine<Integer> twice(int i) { return Coroutine.of(2 * Async.await(Coroutine.of(i))); }
                }
                """;
        assertThat(compile(
                        "--module-path",
                        List.of(
                                file("module-info.java", "module sample { requires io.samovar.engine; }"),
                                file("sample/package-info.java", "@Deprecated package sample;"),
                                file("sample/Sample.java", sample))))
                .isEmpty();
        assertThat(output.resolve("sample")).isDirectoryContaining("glob:**/Sample$$twice$0.class");
    }

    @Test
    void awaitNeedsACoroutineAroundIt() throws IOException {
        fails(5, "declare method to return Coroutine<...>", "int method() { return await(tea()); }");
        fails(6, "lambda that does not return a Coroutine", "", "Runnable lambda = () -> { await(tea()); };");
        fails(5, "await in a constructor", "Sample() { await(tea()); }");
        fails(5, "await in an initialiser", "{ await(tea()); }");
        fails(5, "await in an initialiser", "static { await(tea()); }");
        fails(5, "await in an initialiser", "int field = await(tea());");
        fails(5, "await cannot be a method reference", "Function<Awaitable<Integer>, Integer> f = Async::await;");
    }

    @Test
    void awaitKeepsNoMonitor() throws IOException {
        fails(
                5,
                "await in a synchronized block",
                "Coroutine<Integer> m() { synchronized (this) { return Coroutine.of(await(tea())); } }");
        fails(
                5,
                "await in a synchronized method",
                "synchronized Coroutine<Integer> m() { return Coroutine.of(await(tea())); }");
    }

    @Test
    void aCoroutineThatIsMadeMustRun() throws IOException {
        fails(5, "nobody runs: await it, return it, or pass it to createTask", "void forgets() { tea(); }");
        fails(5, "the functional interface returns nothing", "Runnable forgets = () -> tea();");
        fails(5, "the functional interface returns nothing", "Runnable forgets = Sample::tea;");
    }
}
