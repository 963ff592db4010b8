package io.samovar.echo;

import io.samovar.Coroutine;
import io.samovar.net.NetworkException;
import io.samovar.transport.TransportProvider;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the echo server. */
@Command(
        name = "serve",
        description = {
            "Send every byte back to where it came from, until Ctrl-C or SIGTERM.",
            "One thread serves all connections. At the end it says how many there were, and how many bytes."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Address or host name to listen on; 0.0.0.0 or :: is all of this machine's."
                    + " Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "7007",
            converter = Options.ListenPort.class,
            description = "TCP port; 0 lets the system choose. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "1024",
            converter = Options.Backlog.class,
            description = "Connections that may wait to be accepted; the system may allow fewer."
                    + " Default: ${DEFAULT-VALUE}.")
    private int backlog;

    @Mixin
    private final TransportOption transport = new TransportOption();

    ServeCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        TransportProvider provider = transport.select();
        InetSocketAddress address = Addresses.resolve(host, port);
        try (LoopThread thread = LoopThread.start("samovar-server", provider)) {
            EchoServer server = start(thread, address);
            return OrderlyEnd.onSignal(() -> thread.execute(server::stop), () -> {
                out.printf("listening on %s, transport %s%n", Addresses.text(server.address()), provider.name());
                out.flush();
                thread.call(server::closed);
                out.printf(Locale.ROOT, "served %,d connections, %,d bytes%n", server.connections(), server.bytes());
                out.flush();
                return 0;
            });
        }
    }

    private EchoServer start(LoopThread thread, InetSocketAddress address) throws Exception {
        try {
            return thread.call(() -> Coroutine.of(new EchoServer(address, backlog)));
        } catch (NetworkException failure) {
            throw new RunFailedException(
                    "cannot listen on " + Addresses.text(address) + ": " + Reasons.of(failure), failure);
        }
    }
}
