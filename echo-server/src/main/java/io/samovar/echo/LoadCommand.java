package io.samovar.echo;

import io.samovar.Coroutine;
import io.samovar.transport.TransportProvider;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code load}: the load generator. */
@Command(
        name = "load",
        description = {
            "Keep an echo server busy, check every byte that comes back, and measure.",
            "The loop is closed: each connection keeps --depth messages in flight and sends the next one when an answer is"
                    + " complete. The latency is measured from the hand-over to write to the last byte of the answer,"
                    + " without a correction for coordinated omission: a server that stalls is asked less often"
                    + " meanwhile.",
            "Ctrl-C ends early and reports what was measured until then."
        })
final class LoadCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Address or host name of the server. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "7007",
            converter = Options.Port.class,
            description = "TCP port of the server. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Mixin
    private final TransportOption transport = new TransportOption();

    @Option(names = "--json", description = "Print one JSON object and nothing else; times are in microseconds.")
    private boolean json;

    LoadCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        TransportProvider provider = transport.select();
        InetSocketAddress server = Addresses.resolve(host, port);
        LoadListener progress =
                !json && Terminal.isInteractive() ? new LiveLine(out, provider.name()) : LoadListener.NONE;
        try (LoopThread thread = LoopThread.start("samovar-load", provider)) {
            LoadRun run = thread.call(() -> Coroutine.of(new LoadRun(options.plan(), server, progress)));
            return OrderlyEnd.onSignal(() -> thread.execute(run::interrupt), () -> report(thread.call(run::run)));
        }
    }

    private int report(LoadResult result) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? LoadReport.json(result) : LoadReport.text(result, Terminal.micros()));
        out.flush();
        if (result.failure() == null) {
            return 0;
        }
        throw new RunFailedException(result.failure());
    }
}
