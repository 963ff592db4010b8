package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What lives in the heap of another Java machine, asked of it by jcmd. */
final class HeapHistogram {
    private HeapHistogram() {}

    /** Bytes of all objects that are alive, after a full collection. */
    static long liveBytes(long pid, Cores cores) throws IOException, InterruptedException {
        List<String> command = cores.onLoadCore(List.of(Jvm.tool("jcmd"), "" + pid, "GC.class_histogram"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return total(printed);
    }

    /** The last column of the last line: {@code Total 12345 678901}. */
    static long total(String histogram) throws IOException {
        return histogram
                .lines()
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.strip().split("\\s+"))
                .mapToLong(words -> Long.parseLong(words[words.length - 1]))
                .findFirst()
                .orElseThrow(() -> new IOException("jcmd gave no histogram: " + histogram));
    }
}
