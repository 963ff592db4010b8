package io.samovar.benchmarks;

import io.samovar.compiler.CoroutineProcessor;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources, in this Java machine, and prints the milliseconds that javac took. */
final class CompileRun {
    /** Keeps the guard against a missing coroutine compiler, which javac finds on the processor path, from speaking. */
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

    /**
     * Takes a {@link Variant}, how often to compile before it counts and then, the directory of the class files, the class path, and
     * the directories of the sources.
     */
    public static void main(String[] args) throws IOException {
        Variant variant = Variant.valueOf(args[0]);
        int warmUps = Integer.parseInt(args[1]);
        double[] millis = new double[Integer.parseInt(args[2])];
        Path classes = Files.createDirectories(Path.of(args[3]));
        List<Path> sources = new ArrayList<>();
        for (String directory : Arrays.asList(args).subList(5, args.length)) {
            sources.addAll(sourcesIn(Path.of(directory)));
        }
        for (int i = 0; i < warmUps; i++) {
            double unused = compile(variant, classes, args[4], sources);
        }
        for (int i = 0; i < millis.length; i++) {
            millis[i] = compile(variant, classes, args[4], sources);
        }
        System.out.println(Median.of(millis));
    }

    /** The source files in a directory and below it, without those that declare a module: all is on the class path. */
    static List<Path> sourcesIn(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            return below.filter(path -> path.toString().endsWith(".java") && !path.endsWith("module-info.java"))
                    .sorted()
                    .toList();
        }
    }

    private static double compile(Variant variant, Path classes, String classPath, List<Path> sources)
            throws IOException {
        String own = System.getProperty("java.class.path");
        List<String> options = new ArrayList<>(List.of("-d", classes.toString(), "--release", "17", "-g", "-nowarn"));
        options.addAll(List.of(
                "-processorpath", own, "-cp", classPath.isEmpty() ? own : classPath + File.pathSeparator + own));
        options.addAll(variant.options());
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
            long start = System.nanoTime();
            boolean compiled = javac.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            long nanos = System.nanoTime() - start;
            if (!compiled) {
                throw new IllegalStateException("the sources do not compile: " + said);
            }
            return nanos / 1e6;
        }
    }
}
