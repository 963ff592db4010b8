package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.NettyJson;
import io.samovar.examples.JsonServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    private CpuOptions options = new CpuOptions();

    /** Public for picocli. */
    public HttpCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = options.cores();
        Path work = Files.createDirectories(Path.of("benchmarks", "target", "http"));
        Path script = Files.writeString(work.resolve("pipeline.lua"), LOAD_SCRIPT);
        Map<String, List<String>> loads = new LinkedHashMap<>();
        loads.put("one request at a time", List.of());
        loads.put("16 requests in flight", List.of("-s", script.toString()));
        HttpRun run = options.quick ? HttpRun.QUICK : HttpRun.FULL;
        CpuTable table = new CpuTable("request");
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, List<String>> load : loads.entrySet()) {
                List<String> order = new ArrayList<>(SERVERS.keySet());
                Collections.rotate(order, round - 1); // so that none always comes behind the other
                for (String server : order) {
                    CpuWindow measured = run.measure(
                            cores,
                            Objects.requireNonNull(SERVERS.get(server)),
                            load.getValue(),
                            work.resolve("servers.log"));
                    table.note(load.getKey(), server, measured);
                }
            }
        }
        RunInfo info = RunInfo.here(
                "64 connections, %s, %d rounds".formatted(run, options.rounds()), "http --rounds " + options.rounds());
        options.write(table, "HTTP", info);
        return 0;
    }
}
