package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles snippets, all in one run of javac, and compares what the coroutine compiler says of each. A snippet is the inside of a
 * class; {@code ▸} marks the line and column where a message must be, and no mark means that there must be none.
 */
final class Compilation {
    private static final String MARK = "▸";
    private static final String HEADER = """
            import static io.samovar.Async.await;
            import io.samovar.*;
            import java.io.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.atomic.*;
            import java.util.concurrent.locks.*;
            import java.util.function.*;
            class Base {
                static Coroutine<Integer> tea() { await(Coroutine.of(1)); return Coroutine.of(2); }
                static class Kettle extends Frame<Integer> {
                    Kettle fill() { return this; }
                    @Override protected Object resume(Task<?> task, int at) { return 1; }
                }
            }
            """;

    private final List<String> options = new ArrayList<>();
    private final List<String> more = new ArrayList<>();
    private int release = 17;

    /** A snippet and what is said of it, at each mark. */
    record Snippet(String kind, String message, String source) {}

    static Snippet error(String message, String source) {
        return new Snippet("ERROR", message, source);
    }

    static Snippet warning(String message, String source) {
        return new Snippet("WARNING", message, source);
    }

    static Snippet fine(String source) {
        return new Snippet("", "", source);
    }

    Compilation option(String option) {
        options.add(option);
        return this;
    }

    Compilation release(int newer) {
        release = newer;
        return this;
    }

    /** Adds top-level declarations, for what cannot be in a class. */
    Compilation with(String declarations) {
        more.add(declarations);
        return this;
    }

    void says(Snippet... snippets) {
        StringBuilder source = new StringBuilder(HEADER);
        more.forEach(declarations -> source.append(declarations).append('\n'));
        List<Long> firstLines = new ArrayList<>();
        for (int i = 0; i < snippets.length; i++) {
            source.append("class Snippet").append(i).append(" extends Base {\n");
            firstLines.add(source.chars().filter(c -> c == '\n').count() + 1);
            source.append(snippets[i].source.replace(MARK, "")).append("\n}\n");
        }
        List<Diagnostic<? extends JavaFileObject>> said = compile(source.toString());
        List<String> actual = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < snippets.length; i++) {
            String asExpected = show(snippets[i].source, snippets[i].kind, snippets[i].message);
            String asSaid = actual(snippets[i], firstLines.get(i), said);
            if (!asSaid.equals(asExpected)) { // leaves the others out of a failure's text
                expected.add(asExpected);
                actual.add(asSaid);
            }
        }
        said.forEach(diagnostic -> actual.add(diagnostic.toString()));
        assertThat(actual).containsExactlyElementsOf(expected);
    }

    /** What was said without a place in the source. */
    List<String> saysWithoutPlace() {
        return compile(HEADER).stream()
                .map(diagnostic -> diagnostic.getKind() + ": " + diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    /** The snippet as it would be written to expect what was said; takes that out of {@code said}. */
    private static String actual(Snippet snippet, long firstLine, List<Diagnostic<? extends JavaFileObject>> said) {
        String[] lines = snippet.source.replace(MARK, "").split("\n", -1);
        String kind = "";
        String message = "";
        for (Diagnostic<? extends JavaFileObject> diagnostic : List.copyOf(said).stream()
                .sorted((one, other) -> Long.compare(other.getColumnNumber(), one.getColumnNumber()))
                .toList()) {
            long line = diagnostic.getLineNumber() - firstLine;
            if (line >= 0 && line < lines.length) {
                said.remove(diagnostic);
                StringBuilder marked = new StringBuilder(lines[(int) line]);
                lines[(int) line] = marked.insert((int) diagnostic.getColumnNumber() - 1, MARK)
                        .toString();
                kind = diagnostic.getKind().name();
                String text = diagnostic.getMessage(Locale.ROOT);
                message = text.contains(snippet.message) && !snippet.message.isEmpty() ? snippet.message : text;
            }
        }
        return show(String.join("\n", lines), kind, message);
    }

    private static String show(String source, String kind, String message) {
        return source + "\n    " + kind + " " + message;
    }

    private List<Diagnostic<? extends JavaFileObject>> compile(String source) {
        try {
            Path output = Files.createTempDirectory("snippets");
            try {
                List<String> arguments = new ArrayList<>(
                        List.of("--release", String.valueOf(release), "-cp", System.getProperty("java.class.path")));
                arguments.addAll(options);
                return javac(output, arguments, file("Base.java", source));
            } finally {
                delete(output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static JavaFileObject file(String name, String source) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    /** Runs javac with the coroutine compiler, and gives what it says, notes left out. */
    static List<Diagnostic<? extends JavaFileObject>> javac(
            Path output, List<String> options, JavaFileObject... sources) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(diagnostics, null, null)) {
            List<String> arguments =
                    new ArrayList<>(List.of("-d", output.toString(), "-processorpath", CompilerPath.processorPath()));
            arguments.addAll(options);
            javac.getTask(null, files, diagnostics, arguments, null, List.of(sources))
                    .call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() != Diagnostic.Kind.NOTE)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
