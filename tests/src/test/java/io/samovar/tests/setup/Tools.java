package io.samovar.tests.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The tools that the coroutine compiler has to live beside, as the build copies them from Maven Central. */
final class Tools {
    private static final int LIMIT_SECONDS = 120;

    private Tools() {}

    static Path jar(String name) {
        Path jar = Path.of("target", "tools", name + ".jar").toAbsolutePath();
        assertThat(jar).as("copied by the build before the tests").isRegularFile();
        return jar;
    }

    /** A command of the JDK that this test runs on. */
    static String ofJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** How a program ended, and all that it printed. */
    record Ended(int status, String said) {
        Ended well() {
            assertThat(status).as(said).isZero();
            return this;
        }
    }

    /** Runs the JVM of this test with these arguments. */
    static Ended java(Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ofJdk("java"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-ea");
        command.addAll(arguments);
        return run(directory, command);
    }

    static Ended run(Path directory, List<String> command) {
        return run(directory, command, Map.of());
    }

    static Ended run(Path directory, List<String> command, Map<String, String> environment) {
        try {
            Path said = Files.createTempFile(directory, "said", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                        .as("%s ends in time", command)
                        .isTrue();
            } catch (InterruptedException ended) {
                throw new AssertionError(ended);
            } finally {
                process.destroyForcibly();
            }
            return new Ended(process.exitValue(), Files.readString(said, UTF_8));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
