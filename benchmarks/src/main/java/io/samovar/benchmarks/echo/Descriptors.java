package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How many descriptors a process may have, {@code ulimit -n}. */
final class Descriptors {
    /** What a process needs besides its connections, generously. */
    private static final int SPARE = 200;

    private Descriptors() {}

    /** The command with as high a limit as may be had for so many connections. */
    static List<String> allow(int connections, List<String> command) throws InterruptedException {
        int wanted = connections + SPARE;
        if (hardLimit() >= wanted) {
            return command; // the Java machine and the programs in C raise their own limit to the hard one
        }
        List<String> all = new ArrayList<>(raising(wanted));
        all.addAll(command);
        return all;
    }

    /** Connections that a process may have, at most so many. */
    static int possible(int connections) throws InterruptedException {
        long limit = hardLimit();
        return limit >= connections + SPARE || mayRaise(connections + SPARE)
                ? connections
                : (int) Math.max(1, limit - SPARE);
    }

    private static List<String> raising(int limit) {
        return List.of("prlimit", "--nofile=" + limit + ":" + limit);
    }

    private static boolean mayRaise(int limit) throws InterruptedException {
        List<String> command = new ArrayList<>(raising(limit));
        command.add("true");
        try {
            return new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPrlimit) {
            return false;
        }
    }

    private static long hardLimit() throws InterruptedException {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "ulimit -Hn").start();
            String limit = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            shell.waitFor();
            return limit.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(limit);
        } catch (IOException failed) {
            throw new SetupException("the shell does not tell how many descriptors a process may have", failed);
        }
    }
}
