package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.NettyTls;
import io.samovar.benchmarks.servers.SamovarTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures an echo over TLS beside Netty's handler with the same engine. */
@Command(
        name = "tls",
        description = "An echo over TLS 1.3 beside Netty's SslHandler with the same engine, the JDK's and BoringSSL:"
                + " processor time of the server for each message. About 8 minutes.",
        mixinStandardHelpOptions = true)
public final class TlsCommand implements Callable<Integer> {
    /** Main classes of the servers; each takes an engine, a key store and its password. */
    static final List<String> SERVERS = List.of(NettyTls.class.getName(), SamovarTls.class.getName());

    static final List<String> ENGINES = List.of("jdk", "boringssl");
    private static final List<Integer> SIZES = List.of(1024, 100 * 1024);

    @Option(names = "--quick", description = "Windows of a second, one round: to see that it works, not for figures.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often all is measured; default: 4, or 1 with --quick.")
    private @Nullable Integer rounds;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the result goes; default: as for echo.")
    private @Nullable Path out;

    @Option(names = "--no-pin", description = "Leave it to the system which core runs what. For a look only.")
    private boolean noPin;

    /** Public for picocli. */
    public TlsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = noPin ? Cores.ANY : Cores.firstTwo();
        Path work = Files.createDirectories(Path.of("benchmarks", "target", "tls"));
        Path keys = TlsWindow.makeKeys(work);
        Duration warmUp = Duration.ofSeconds(quick ? 1 : 6);
        Duration window = Duration.ofSeconds(quick ? 1 : 4);
        int times = rounds != null ? rounds : quick ? 1 : 4;
        CpuTable table = new CpuTable("message");
        for (int round = 1; round <= times; round++) {
            for (String engine : ENGINES) {
                for (int size : SIZES) {
                    List<String> order = new ArrayList<>(SERVERS);
                    Collections.rotate(order, round - 1); // so that none always comes behind the other
                    for (String server : order) {
                        TlsWindow measured = TlsWindow.of(
                                cores, server, engine, keys, size, warmUp, window, work.resolve("servers.log"));
                        table.note(
                                size + " B, " + engine,
                                server.endsWith("NettyTls") ? "Netty epoll" : "Samovar epoll",
                                measured.cpuMicros(),
                                measured.rate());
                    }
                }
            }
        }
        RunInfo info = RunInfo.here(
                "%d connections, TLS 1.3 with AES-128-GCM, warm-up %d s, window %d s, %d rounds"
                        .formatted(TlsWindow.CONNECTIONS, warmUp.toSeconds(), window.toSeconds(), times),
                "tls --rounds " + times);
        table.write("TLS", info, out, quick);
        return 0;
    }
}
