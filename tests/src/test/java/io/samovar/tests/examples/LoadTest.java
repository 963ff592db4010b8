package io.samovar.tests.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.samovar.examples.JsonServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's HTTP clients, for as long as a build may take; left out where they are not installed. */
@Timeout(60)
class LoadTest {
    private static final String BODY = "{\"message\":\"Hello, world!\"}";

    @TempDir
    private Path directory;

    private ExampleProcess server;
    private String address;

    @BeforeEach
    void start() throws IOException {
        server = ExampleProcess.start(JsonServer.class, "0");
        String line = server.line();
        address = "http://127.0.0.1" + line.substring(line.lastIndexOf(':'));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        server.terminate();
        assertThat(server.line()).isEqualTo("stopping on TERM");
        assertThat(server.exitStatus()).isZero();
        server.close();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        assumeThat(isInstalled(command[0])).as(command[0] + " is not installed").isTrue();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void wrkFindsNoErrorOnConnectionsThatAreKept() throws Exception {
        assertThat(run("wrk", "-t1", "-c20", "-d1", address + "/hello"))
                .contains("Requests/sec")
                .doesNotContain("Non-2xx", "Socket errors");
    }

    @Test
    void wrkFindsNoErrorInPipelines() throws Exception {
        Path script = Files.writeString(directory.resolve("pipeline.lua"), """
                init = function(args)
                  local r = {}
                  for i = 1, 16 do r[i] = wrk.format(nil, "/hello") end
                  req = table.concat(r)
                end
                request = function() return req end
                """);
        assertThat(run("wrk", "-t1", "-c20", "-d1", "-s", script.toString(), address))
                .contains("Requests/sec")
                .doesNotContain("Non-2xx", "Socket errors");
    }

    @Test
    void abFindsNoErrorWithKeepAliveAndWithout() throws Exception {
        for (List<String> options : List.of(List.of("-k", "-n", "5000"), List.of("-n", "1000"))) {
            List<String> command = new java.util.ArrayList<>(List.of("ab", "-q", "-c", "20"));
            command.addAll(options);
            command.add(address + "/hello");
            assertThat(run(command.toArray(String[]::new)))
                    .containsPattern("Failed requests: +0\n")
                    .doesNotContain("Non-2xx")
                    .containsPattern("HTML transferred: +" + Integer.parseInt(options.get(options.size() - 1)) * 27);
        }
    }

    @Test
    void curlGetsWhatItShould() throws Exception {
        assertThat(run("curl", "-sS", address + "/hello")).isEqualTo(BODY);
        assertThat(run("curl", "-sS", "-d", "{\"numbers\":[1,2]}", address + "/sum"))
                .isEqualTo("{\"sum\":3}");
        assertThat(run("curl", "-sSI", address + "/hello")).startsWith("HTTP/1.1 200 OK");
        assertThat(run("curl", "-sS", address + "/hello", address + "/hello?name=b"))
                .isEqualTo(BODY + "{\"message\":\"Hello, b!\"}");
        Path large = Files.writeString(directory.resolve("large"), " ".repeat(1_000_000));
        assertThat(run(
                        "curl",
                        "-sS",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "--data-binary",
                        "@" + large,
                        address + "/sum"))
                .isEqualTo("413");
    }
}
