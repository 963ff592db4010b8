package io.samovar.benchmarks;

import io.samovar.compiler.CoroutineProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles generated coroutines, in this Java machine, and prints the milliseconds that javac took. */
final class CompileRun {
    /** Keeps the guard against a missing coroutine compiler, which javac finds on the class path, from speaking. */
    private static final String UNGUARDED = "-Xplugin:Samovar later";

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

    /** What is compiled. */
    enum Sources {
        /** {@link ManyCoroutines}. */
        SMALL,
        /** {@link OrdinaryCoroutines}. */
        ORDINARY;

        private void write(Path directory) throws IOException {
            if (this == SMALL) {
                ManyCoroutines.writeJava(directory);
            } else {
                OrdinaryCoroutines.writeJava(directory);
            }
        }
    }

    /** Takes {@link Sources}, a {@link Variant}, and how often to compile before it counts and then. */
    public static void main(String[] args) throws IOException {
        Sources sources = Sources.valueOf(args[0]);
        Variant variant = Variant.valueOf(args[1]);
        int warmUps = Integer.parseInt(args[2]);
        int times = Integer.parseInt(args[3]);
        Path directory = Files.createTempDirectory("samovar-compile");
        try {
            sources.write(directory.resolve("java"));
            for (int i = 0; i < warmUps; i++) {
                double unused = compile(variant, directory);
            }
            double[] millis = new double[times];
            for (int i = 0; i < times; i++) {
                millis[i] = compile(variant, directory);
            }
            System.out.println(Median.of(millis));
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
            long start = System.nanoTime();
            boolean compiled = javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(paths))
                    .call();
            long nanos = System.nanoTime() - start;
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
