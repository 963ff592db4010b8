package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ways to start the echo server that this JDK has; what they need is made by one run of the server that is thrown away. */
final class StartupWays {
    /** What it may take to write an archive when the process ends. */
    private static final Duration WRITING = Duration.ofMinutes(2);

    private StartupWays() {}

    /**
     * Makes the archives.
     *
     * @return the flags of each way, by its name
     */
    static Map<String, List<String>> prepare(StartupRun run, Path directory, PrintStream progress)
            throws IOException, InterruptedException {
        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put("as it is", List.of());
        Path archive = directory.resolve("echo-jdk" + Jvm.FEATURE + ".jsa");
        if (train(run, "-XX:ArchiveClassesAtExit=", archive, progress)) {
            ways.put("archive of its classes", List.of("-XX:SharedArchiveFile=" + archive));
        }
        if (Jvm.FEATURE >= 25) { // JEP 514: the cache is written when the process ends
            Path cache = directory.resolve("echo-jdk" + Jvm.FEATURE + ".aot");
            if (train(run, "-XX:AOTCacheOutput=", cache, progress)) {
                ways.put("ahead-of-time cache", List.of("-XX:AOTCache=" + cache));
            }
        }
        return ways;
    }

    private static boolean train(StartupRun run, String flag, Path file, PrintStream progress)
            throws IOException, InterruptedException {
        progress.println("making " + file);
        Files.deleteIfExists(file);
        run.start(List.of(flag + file), WRITING);
        boolean made = Files.isRegularFile(file);
        if (!made) {
            progress.println("the Java machine has not written " + file
                    + ", so this way is left out; see startup.log beside it");
        }
        return made;
    }
}
