package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The server as a process of its own, ended by SIGTERM. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
class SignalTest {
    @Test
    void sigtermEndsTheServerInGoodOrder() throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        Main.class.getName(),
                        "serve",
                        "--port",
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD) // what Java 25 says of native access
                .start();
        try (BufferedReader printed = server.inputReader()) {
            MatchResult listening = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+), transport (epoll|kqueue|nio)")
                    .matcher(printed.readLine())
                    .results()
                    .findFirst()
                    .orElseThrow();
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int status = Main.run(
                    new PrintWriter(out),
                    new PrintWriter(err),
                    ("load --json --connections 3 --size 10 --warmup 0 --duration 0 --port " + listening.group(1))
                            .split(" "));
            assertThat(status).as("%s", err).isZero();
            server.toHandle().destroy(); // the process's own method would close its output too
            String bytes = out.toString().replaceAll("(?s).*\"verified_bytes\":(\\d+),.*", "$1");
            assertThat(printed.readLine().replace(",", "")).isEqualTo("served 3 connections " + bytes + " bytes");
            assertThat(printed.readLine()).isNull();
            assertThat(server.waitFor()).isEqualTo(128 + 15);
        } finally {
            server.destroyForcibly();
        }
    }
}
