package io.samovar.tests.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Sends signals, by the shell's own {@code kill}. */
final class Kill {
    private Kill() {}

    static void send(String signal, long pid) {
        try {
            int status = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(status).isZero();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
