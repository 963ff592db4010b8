package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.NettyJson;
import io.samovar.examples.JsonServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the HTTP example beside the same codec in a Netty pipeline. */
@Command(
        name = "http",
        description =
                "The HTTP example on Netty's codec over a stream, beside the same codec and the same answers in a Netty"
                        + " pipeline, under wrk: processor time of the server for each request. About 8 minutes.",
        mixinStandardHelpOptions = true)
public final class HttpCommand implements Callable<Integer> {
    /** Flags of the Java machine, a main class and its arguments. */
    static final Map<String, List<String>> SERVERS = new TreeMap<>(Map.of(
            "Netty epoll", List.of(NettyJson.class.getName(), "epoll"),
            "Samovar epoll", List.of("-Dsamovar.transport=epoll", JsonServer.class.getName(), "0")));

    static final String LOAD_SCRIPT = """
            init = function(args)
              local all = {}
              for i = 1, 16 do all[i] = wrk.format(nil, "/hello") end
              batch = table.concat(all)
            end
            request = function() return batch end
            """;

    @Option(names = "--quick", description = "Windows of a second, one round: to see that it works, not for figures.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often all is measured; default: 5, or 1 with --quick.")
    private @Nullable Integer rounds;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the result goes; default: as for echo.")
    private @Nullable Path out;

    @Option(names = "--no-pin", description = "Leave it to the system which core runs what. For a look only.")
    private boolean noPin;

    /** Public for picocli. */
    public HttpCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = noPin ? Cores.ANY : Cores.firstTwo();
        Path work = Files.createDirectories(Path.of("benchmarks", "target", "http"));
        Path script = Files.writeString(work.resolve("pipeline.lua"), LOAD_SCRIPT);
        Map<String, List<String>> loads = new LinkedHashMap<>();
        loads.put("one request at a time", List.of());
        loads.put("16 requests in flight", List.of("-s", script.toString()));
        Duration warmUp = Duration.ofSeconds(quick ? 1 : 6);
        Duration window = Duration.ofSeconds(quick ? 1 : 5);
        int times = rounds != null ? rounds : quick ? 1 : 5;
        CpuTable table = new CpuTable("request");
        for (int round = 1; round <= times; round++) {
            for (Map.Entry<String, List<String>> load : loads.entrySet()) {
                List<String> order = new ArrayList<>(SERVERS.keySet());
                Collections.rotate(order, round - 1); // so that none always comes behind the other
                for (String server : order) {
                    HttpWindow measured = HttpWindow.of(
                            cores,
                            Objects.requireNonNull(SERVERS.get(server)),
                            load.getValue(),
                            warmUp,
                            window,
                            work.resolve("servers.log"));
                    table.note(load.getKey(), server, measured.cpuMicros(), measured.rate());
                }
            }
        }
        RunInfo info = RunInfo.here(
                "64 connections, warm-up %d s, window %d s, %d rounds"
                        .formatted(warmUp.toSeconds(), window.toSeconds(), times),
                "http --rounds " + times);
        table.write("HTTP", info, out, quick);
        return 0;
    }
}
