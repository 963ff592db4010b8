package io.samovar.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each server over TLS, in windows that are too short for figures. */
@Timeout(120)
class TlsRunTest {
    @TempDir
    private Path directory;

    @Test
    void everyServerEchoesWithEveryEngine() throws Exception {
        Path keys = TlsRun.makeKeys(directory);
        for (String server : TlsCommand.SERVERS) {
            for (String engine : TlsCommand.ENGINES) {
                CpuWindow window =
                        TlsRun.QUICK.measure(Cores.ANY, server, engine, keys, 20_000, directory.resolve("log"));
                assertThat(window.count()).isPositive();
                assertThat(window.cpuMicros()).isPositive();
            }
        }
    }
}
