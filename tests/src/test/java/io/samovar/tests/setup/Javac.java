package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** The javac command, with a directory of sources and a directory of classes. */
final class Javac {
    final Path sources;
    final Path classes;
    private final List<String> options = new ArrayList<>();
    private boolean alone;

    Javac(Path directory) {
        sources = directory.resolve("sources");
        classes = directory.resolve("classes");
    }

    Javac with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** In a JVM of its own: otherwise javac sees what is on the class path of the tests, the coroutine compiler too. */
    Javac alone() {
        alone = true;
        return this;
    }

    /** Writes a source file. */
    Javac source(String name, String text) {
        try {
            Path file = sources.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        return this;
    }

    /** Compiles these files, or else all, and gives what javac says: nothing if all is well. */
    String run(String... names) {
        StringWriter said = new StringWriter();
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-d", classes.toString()));
        try (var files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> names.length == 0
                            || List.of(names).contains(file.getFileName().toString()))
                    .forEach(file -> arguments.add(file.toString()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        if (alone) {
            List<String> command = new ArrayList<>(List.of(Tools.ofJdk("javac")));
            command.addAll(arguments);
            return Tools.run(sources, command).said();
        }
        try (PrintWriter out = new PrintWriter(said)) {
            ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        }
        return said.toString();
    }

    /** {@link #run}, and fails the test if javac says anything. */
    void runSilently(String... names) {
        assertThat(run(names)).isEmpty();
    }
}
