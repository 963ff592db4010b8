package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.examples.RedisVisits;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lettuce on the loop, with a server made of coroutines, and with Redis itself where it is installed. */
@Timeout(60)
class RedisVisitsTest {
    @TransportTest
    void lettuceCountsOnTheLoop(TransportProvider provider) {
        RedisServer redis = new RedisServer();
        Site.run(provider, redis::serve, server -> {
            RedisURI uri = RedisURI.create("127.0.0.1", server.address().getPort());
            assertThat(await(RedisVisits.visit(uri, "visits"))).isEqualTo(1);
            assertThat(await(RedisVisits.visit(uri, "visits"))).isEqualTo(2);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("lettuce") && name.contains("EventLoop"));
            assertThat(redis.values).containsEntry("visits", "2").containsEntry("visits:last", "number 2");
            return Coroutine.done();
        });
    }

    @TransportTest
    void aServerThatIsNotThereIsAFailureOfTheProgram(TransportProvider provider) throws IOException {
        int port = freePort();
        Site.run(provider, peer -> Coroutine.done(), server -> {
            Throwable failure = null;
            try {
                await(RedisVisits.visit(RedisURI.create("127.0.0.1", port), "visits"));
            } catch (RedisConnectionException refused) {
                failure = refused;
            }
            assertThat(failure).isNotNull();
            return Coroutine.done();
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(Site.anyPort());
            return ((InetSocketAddress) free.getLocalSocketAddress()).getPort();
        }
    }

    @Test
    void redisItselfCountsToo() throws Exception {
        Path redis = Path.of("/usr/bin/redis-server");
        assumeThat(Files.isExecutable(redis))
                .as("redis-server is not installed")
                .isTrue();
        int port = freePort();
        Process server = new ProcessBuilder(
                        redis.toString(),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .redirectErrorStream(true)
                .start();
        try (var output = server.inputReader()) {
            for (String line = ""; !line.contains("Ready to accept connections"); ) {
                line = output.readLine();
                assertThat(line).as("the server's output").isNotNull();
            }
            RedisURI uri = RedisURI.create("127.0.0.1", port);
            assertThat(Async.<Long>run(() -> RedisVisits.visit(uri, "visits"))).isEqualTo(1);
            assertThat(Async.<Long>run(() -> RedisVisits.visit(uri, "visits"))).isEqualTo(2);
        } finally {
            server.destroyForcibly();
        }
    }
}
