package io.samovar.tests.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.transport.TransportProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A main class of the tests in a JVM of its own, with a descriptor limit of its own. It ends when its standard input does.
 */
public final class ForkedJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Thread logReader;

    /**
     * @param main gets the transport's name, and then the arguments
     */
    ForkedJvm(TransportProvider provider, int descriptors, Class<?> main, String... arguments) throws IOException {
        this(provider, descriptors, List.of(), Map.of(), main, arguments);
    }

    /**
     * @param flags of the JVM
     * @param environment is added to this process's
     * @param main gets the transport's name, and then the arguments
     */
    public ForkedJvm(
            TransportProvider provider,
            int descriptors,
            List<String> flags,
            Map<String, String> environment,
            Class<?> main,
            String... arguments)
            throws IOException {
        this(provider, descriptors, List.of(), flags, environment, main, arguments);
    }

    /**
     * @param launcher a command that becomes the JVM, whose command line follows
     */
    ForkedJvm(
            TransportProvider provider,
            int descriptors,
            List<String> launcher,
            List<String> flags,
            Map<String, String> environment,
            Class<?> main,
            String... arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "bash"));
        command.addAll(launcher);
        command.addAll(List.of(java(), "-ea"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (KqueueShim.isRequested()) {
            command.add("-Dsamovar.test.kqueue=true");
            command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), provider.name()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.start();
        answers = process.inputReader(UTF_8);
        logReader = new Thread(() -> process.errorReader(UTF_8).lines().forEach(log::add), "log of " + main.getName());
        logReader.setDaemon(true);
        logReader.start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Gives it a line. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + '\n').getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** The next line that it prints. */
    public String answer() {
        try {
            String line = answers.readLine();
            assertThat(line).as("what it prints; its log is %s", log).isNotNull();
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that it has logged. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** Ends it, and fails unless it ends well. */
    public void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        assertThat(process.waitFor(Net.LIMIT_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        logReader.join();
        assertThat(process.exitValue()).as("exit status; its log is %s", log).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
