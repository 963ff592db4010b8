package io.samovar.echo;

import io.samovar.Coroutine;
import io.samovar.transport.TransportProvider;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs server and load generator in this JVM, on a thread each, for one transport after the other. */
final class Demo {
    private static final int BACKLOG = 1024;

    private final LoadPlan plan;
    private final PrintWriter out;
    /** Ends the run that is going on, or {@code null} between two. */
    private final AtomicReference<@Nullable Runnable> current = new AtomicReference<>();

    private volatile boolean interrupted;

    Demo(LoadPlan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * What one transport did.
     *
     * @param serverCpuMicros time on a processor of the server's thread for one message
     */
    record Row(LoadResult load, double serverCpuMicros) {}

    /** Measures one transport, and shows how it goes on. */
    Row measure(TransportProvider transport) throws Exception {
        try (LoopThread serverThread = LoopThread.start("samovar-server", transport);
                LoopThread loadThread = LoopThread.start("samovar-load", transport)) {
            EchoServer server = serverThread.call(() -> Coroutine.of(new EchoServer(Addresses.LOOPBACK, BACKLOG)));
            CpuMeter cpu = new CpuMeter(serverThread.thread(), progress(transport.name()));
            LoadResult result = load(loadThread, server.address(), cpu);
            serverThread.execute(server::stop);
            serverThread.call(server::closed);
            return new Row(result, result.messages() == 0 ? 0 : cpu.nanos() / 1000.0 / result.messages());
        }
    }

    private LoadResult load(LoopThread thread, InetSocketAddress server, LoadListener listener) throws Exception {
        LoadRun run = thread.call(() -> Coroutine.of(new LoadRun(plan, server, listener)));
        current.set(() -> thread.execute(run::interrupt));
        if (interrupted) {
            interrupt(); // it came before there was a run
        }
        try {
            return thread.call(run::run);
        } finally {
            current.set(null);
        }
    }

    /** Ends the run that is going on; any thread may call this. */
    void interrupt() {
        interrupted = true;
        Runnable stop = current.get();
        if (stop != null) {
            stop.run();
        }
    }

    /** Whether {@link #interrupt()} was called. */
    boolean isInterrupted() {
        return interrupted;
    }

    private LoadListener progress(String title) {
        return Terminal.isInteractive() ? new LiveLine(out, title) : new DotLine(out, title);
    }
}
