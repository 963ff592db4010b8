package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures what a connection costs that is opened, used once and closed. */
@Command(
        name = "churn",
        description =
                "CPU per connection that is opened, echoes once and is closed, beside Netty and C. About 3 minutes.",
        mixinStandardHelpOptions = true)
public final class ChurnCommand implements Callable<Integer> {
    @Mixin
    private final EchoOptions options = new EchoOptions();

    /** Public for picocli. */
    public ChurnCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        return new EchoSession(options, "churn")
                .run(
                        List.of(Scenario.CHURN),
                        List.of(
                                Server.C,
                                Server.SAMOVAR_EPOLL,
                                Server.SAMOVAR_NIO,
                                Server.NETTY_EPOLL,
                                Server.NETTY_NIO));
    }
}
