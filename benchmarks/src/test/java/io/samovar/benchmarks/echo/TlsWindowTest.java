package io.samovar.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each server over TLS, in windows that are too short for figures. */
@Timeout(120)
class TlsWindowTest {
    @TempDir
    private Path directory;

    @Test
    void everyServerEchoesWithEveryEngine() throws Exception {
        Path keys = TlsWindow.makeKeys(directory);
        for (String server : TlsCommand.SERVERS) {
            for (String engine : TlsCommand.ENGINES) {
                TlsWindow window = TlsWindow.of(
                        Cores.ANY,
                        server,
                        engine,
                        keys,
                        20_000,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        directory.resolve("log"));
                assertThat(window.messages()).isPositive();
                assertThat(window.cpuMicros()).isPositive();
            }
        }
    }
}
