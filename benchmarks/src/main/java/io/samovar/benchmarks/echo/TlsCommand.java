package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.NettyTls;
import io.samovar.benchmarks.servers.SamovarTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures an echo over TLS beside Netty's handler with the same engine. */
@Command(
        name = "tls",
        description = "An echo over TLS 1.3 beside Netty's SslHandler with the same engine, the JDK's and BoringSSL:"
                + " processor time of the server for each message. About 7 minutes.",
        mixinStandardHelpOptions = true)
public final class TlsCommand implements Callable<Integer> {
    /** Main classes of the servers; each takes an engine, a key store and its password. */
    static final List<String> SERVERS = List.of(NettyTls.class.getName(), SamovarTls.class.getName());

    static final List<String> ENGINES = List.of("jdk", "boringssl");
    private static final List<Integer> SIZES = List.of(1024, 100 * 1024);

    @Mixin
    private CpuOptions options = new CpuOptions();

    /** Public for picocli. */
    public TlsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = options.cores();
        Path work = Files.createDirectories(Path.of("benchmarks", "target", "tls"));
        Path keys = TlsRun.makeKeys(work);
        TlsRun run = options.quick ? TlsRun.QUICK : TlsRun.FULL;
        CpuTable table = new CpuTable("message");
        for (int round = 1; round <= options.rounds(); round++) {
            for (String engine : ENGINES) {
                for (int size : SIZES) {
                    List<String> order = new ArrayList<>(SERVERS);
                    Collections.rotate(order, round - 1); // so that none always comes behind the other
                    for (String server : order) {
                        CpuWindow measured =
                                run.measure(cores, server, engine, keys, size, work.resolve("servers.log"));
                        table.note(
                                size + " B, " + engine,
                                server.endsWith("NettyTls") ? "Netty epoll" : "Samovar epoll",
                                measured);
                    }
                }
            }
        }
        RunInfo info = RunInfo.here(
                "%d connections, TLS 1.3 with AES-128-GCM, %s, %d rounds"
                        .formatted(TlsRun.CONNECTIONS, run, options.rounds()),
                "tls --rounds " + options.rounds());
        options.write(table, "TLS", info);
        return 0;
    }
}
