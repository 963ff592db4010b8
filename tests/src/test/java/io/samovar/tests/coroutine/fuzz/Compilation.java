package io.samovar.tests.coroutine.fuzz;

import io.samovar.Coroutine;
import io.samovar.compiler.CoroutineProcessor;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/**
 * The outcome of one run of javac with the coroutine compiler.
 *
 * @param classes by binary name
 * @param errors by the name of the source file; "" is javac itself
 */
record Compilation(Map<String, byte[]> classes, Map<String, String> errors) {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    /** No more than the programs need: javac opens every jar of its class path in every run. */
    private static final String CLASS_PATH = Stream.of(
                    Coroutine.class, Compilation.class, NullMarked.class, io.netty.util.concurrent.Future.class)
            .map(type -> Path.of(URI.create(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))
                    .toString())
            .collect(Collectors.joining(File.pathSeparator));

    /** @param sources by the qualified name of the class */
    static Compilation of(Map<String, String> sources, List<String> options) {
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, text) -> files.add(new Source(name, text)));
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Map<String, String> errors = new LinkedHashMap<>();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        StringWriter words = new StringWriter();
        try {
            Path output = Files.createTempDirectory("samovar-fuzz");
            try (StandardJavaFileManager manager = JAVAC.getStandardFileManager(diagnostics, null, null)) {
                manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
                List<String> all = new ArrayList<>(options);
                all.addAll(List.of("-nowarn", "-Xmaxerrs", "100000", "-cp", CLASS_PATH));
                JavaCompiler.CompilationTask task = JAVAC.getTask(words, manager, diagnostics, all, null, files);
                task.setProcessors(List.of(new CoroutineProcessor()));
                if (!task.call() && diagnostics.getDiagnostics().isEmpty()) {
                    errors.put("", "javac crashed: " + words);
                }
                read(output, classes);
            } catch (RuntimeException crashed) {
                errors.put("", "javac crashed: " + crashed);
            } finally {
                delete(output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                String name = diagnostic.getSource() instanceof Source source ? source.name : "";
                errors.merge(
                        name,
                        diagnostic.getLineNumber() + ":" + diagnostic.getColumnNumber() + ": "
                                + diagnostic.getMessage(null),
                        (one, other) -> one + "\n" + other);
            }
        }
        return new Compilation(classes, errors);
    }

    private static void read(Path output, Map<String, byte[]> classes) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = output.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".");
                classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
            }
        }
    }

    private static void delete(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A source file in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
