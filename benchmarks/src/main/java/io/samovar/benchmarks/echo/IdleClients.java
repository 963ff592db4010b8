package io.samovar.benchmarks.echo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Connections that have each had a message echoed and do nothing, until they are told to echo once more. */
final class IdleClients implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final int count;

    /** Opens them, and returns when each has had its answer. */
    IdleClients(NativeTools tools, ServerProcess server, int count, Cores cores)
            throws IOException, InterruptedException {
        this.count = count;
        List<String> command =
                cores.onLoadCore(Descriptors.allow(count, List.of(tools.idleLoad(), "" + server.port(), "" + count)));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            checkAllAnswered();
        } catch (IOException failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    /** Has each send one more message, and fails unless every answer is right. */
    void echoAgain() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        checkAllAnswered();
    }

    private void checkAllAnswered() throws IOException {
        String right = answers.readLine();
        if (!("" + count).equals(right)) {
            throw new IOException("of %,d connections %s got the right answer".formatted(count, right));
        }
    }

    /** Closes them all. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
