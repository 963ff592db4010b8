package io.samovar.echo;

import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: every transport that works here, side by side. */
@Command(
        name = "demo",
        description = {
            "Run the echo server and the load generator on each transport that works here, and compare.",
            "Server and load generator run in this JVM, on one thread each, and talk over 127.0.0.1. The loop is closed and"
                    + " the latencies are not corrected for coordinated omission, as 'load --help' explains. Server CPU"
                    + " is the time that the server's thread spent on a processor, divided by the messages."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        LoadPlan plan = options.plan();
        out.printf(
                "%s; server and load generator on one thread each, %d processors, Java %s%n",
                plan.text(), Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"));
        out.flush();
        Demo demo = new Demo(plan, out);
        return OrderlyEnd.onSignal(demo::interrupt, () -> judge(measureAll(demo)));
    }

    private List<Demo.Row> measureAll(Demo demo) throws Exception {
        List<Demo.Row> rows = new ArrayList<>();
        List<String> unavailable = new ArrayList<>();
        for (TransportProvider provider : Transports.installed()) {
            Throwable cause = provider.unavailabilityCause();
            if (cause != null) {
                unavailable.add(provider.name() + " is not available: " + cause.getMessage());
            } else if (!demo.isInterrupted()) {
                rows.add(demo.measure(provider));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        out.print(DemoTable.text(rows, Terminal.micros()));
        unavailable.forEach(out::println);
        out.flush();
        return rows;
    }

    /** All must have gone well for the exit status 0. */
    private static int judge(List<Demo.Row> rows) {
        if (rows.isEmpty()) {
            throw new RunFailedException("no transport was measured");
        }
        for (Demo.Row row : rows) {
            String failure = row.load().failure();
            if (failure != null) {
                throw new RunFailedException(row.load().transport() + ": " + failure);
            }
        }
        return 0;
    }
}
