package io.samovar.benchmarks;

import io.samovar.compiler.CoroutineProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the coroutines of {@link ManyCoroutines}, in this Java machine, and prints the milliseconds of CPU time that javac took. */
final class CompileRun {
    /** Keeps the guard against a missing coroutine compiler, which javac finds on the class path, from speaking. */
    private static final String UNGUARDED = "-Xplugin:Samovar later";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CompileRun() {}

    /** How javac is called. */
    enum Variant {
        /** Without processors: what javac itself takes. */
        PLAIN,
        /** With a processor that does nothing: what javac takes when there is any. */
        IDLE_PROCESSOR,
        /** With the coroutine compiler. */
        COROUTINES;

        private List<String> options() {
            return switch (this) {
                case PLAIN -> List.of("-proc:none", UNGUARDED);
                case IDLE_PROCESSOR -> List.of("-processor", IdleProcessor.class.getName(), UNGUARDED);
                case COROUTINES -> List.of("-processor", CoroutineProcessor.class.getName());
            };
        }
    }

    /** Takes a {@link Variant} and how often to compile before it counts. */
    public static void main(String[] args) throws IOException {
        Variant variant = Variant.valueOf(args[0]);
        int warmUps = Integer.parseInt(args[1]);
        int times = Integer.parseInt(args[2]);
        Path directory = Files.createTempDirectory("samovar-compile");
        try {
            ManyCoroutines.writeJava(directory.resolve("java"));
            for (int i = 0; i < warmUps; i++) {
                double unused = compile(variant, directory);
            }
            double[] millis = new double[times];
            for (int i = 0; i < times; i++) {
                millis[i] = compile(variant, directory);
            }
            System.out.println(Report.median(millis));
        } finally {
            delete(directory);
        }
    }

    private static double compile(Variant variant, Path directory) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> options = new ArrayList<>(List.of(
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "--release", "17", "-g"));
        options.addAll(variant.options());
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(directory.resolve("java"))) {
            List<Path> paths =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            long start = THREADS.getCurrentThreadCpuTime();
            boolean compiled = javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(paths))
                    .call();
            long nanos = THREADS.getCurrentThreadCpuTime() - start;
            if (!compiled) {
                throw new IllegalStateException("the generated coroutines do not compile");
            }
            return nanos / 1e6;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            below.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }
}
