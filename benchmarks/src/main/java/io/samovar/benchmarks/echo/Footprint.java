package io.samovar.benchmarks.echo;

import java.io.IOException;

/**
 * The memory of a server at one time.
 *
 * @param heap bytes of the objects that are alive; 0 for what is no Java machine
 * @param rss bytes that are resident
 */
record Footprint(long heap, long rss) {
    /** Takes the resident memory first: the collection that the heap needs would change it. */
    static Footprint of(ServerProcess process, Server server, Cores cores) throws IOException, InterruptedException {
        long rss = process.kilobytes("VmRSS") * 1024;
        return new Footprint(server.isJvm() ? HeapHistogram.liveBytes(process.pid(), cores) : 0, rss);
    }

    /** What each of so many has added. */
    Footprint each(Footprint before, int connections) {
        return new Footprint(
                Math.round((heap - before.heap) / (double) connections),
                Math.round((rss - before.rss) / (double) connections));
    }
}
