package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which processor core does what.
 *
 * @param server where a server runs, with all its threads; less than 0 for anywhere
 * @param load where the load generator runs
 */
record Cores(int server, int load) {
    /** For tests of this tool, on whatever machine. */
    static final Cores ANY = new Cores(-1, -1);

    /**
     * The first two cores.
     *
     * @throws SetupException if there are none, or nothing that keeps a process on one
     */
    static Cores firstTwo() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores < 2) {
            throw new SetupException(
                    "server and load generator need a core each, and this process may use " + cores + " only");
        }
        Cores first = new Cores(0, 1);
        for (int core : new int[] {first.server, first.load}) {
            try {
                if (new ProcessBuilder(pinned(core, List.of("true"))).start().waitFor() != 0) {
                    throw new SetupException("taskset cannot use core " + core + ": this process is kept from it");
                }
            } catch (IOException none) {
                throw new SetupException(
                        "taskset keeps a process on its core, and does not run here: install util-linux", none);
            }
        }
        return first;
    }

    List<String> onServerCore(List<String> command) {
        return pinned(server, command);
    }

    List<String> onLoadCore(List<String> command) {
        return pinned(load, command);
    }

    private static List<String> pinned(int core, List<String> command) {
        if (core < 0) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("taskset", "-c", "" + core));
        all.addAll(command);
        return all;
    }
}
