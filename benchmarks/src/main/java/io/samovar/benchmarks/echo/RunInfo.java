package io.samovar.benchmarks.echo;

import io.netty.util.Version;
import io.samovar.benchmarks.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run was made with, in words.
 *
 * @param date as ISO has it
 * @param jdk the version of Java, the first number only
 * @param machine date, processor and Java machine
 * @param software versions and flags
 * @param command what to type to have it again
 */
record RunInfo(String date, String jdk, String machine, String software, String command) {
    /** Of this process. */
    static RunInfo here(String software, String command) {
        String machine = Machine.describe();
        return new RunInfo(
                machine.substring(0, machine.indexOf(',')),
                "" + Jvm.FEATURE,
                machine + ", Linux " + System.getProperty("os.version"),
                software,
                "benchmarks/run " + command);
    }

    /** The versions of what takes part. */
    static String versions() throws IOException, InterruptedException {
        Version netty = Version.identify(RunInfo.class.getClassLoader()).get("netty-transport");
        return "Netty %s, Vert.x %s, %s; each Java server with `%s`"
                .formatted(
                        netty == null ? "?" : netty.artifactVersion(),
                        vertxVersion(),
                        NativeTools.compiler(),
                        String.join(" ", Jvm.flags()));
    }

    private static String vertxVersion() throws IOException {
        try (InputStream version = RunInfo.class.getResourceAsStream("/META-INF/vertx/vertx-version.txt")) {
            return version == null ? "?" : new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    static RunInfo read(Map<String, String> fields) {
        return new RunInfo(
                fields.getOrDefault("date", "?"),
                fields.getOrDefault("jdk", "?"),
                fields.getOrDefault("machine", "?"),
                fields.getOrDefault("software", "?"),
                fields.getOrDefault("command", "?"));
    }

    String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("date", date);
        fields.put("jdk", jdk);
        fields.put("machine", machine);
        fields.put("software", software);
        fields.put("command", command);
        return FlatJson.write(fields);
    }
}
