package io.samovar.benchmarks.echo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java machine that servers run on: the one that runs this, with the same flags for all. */
final class Jvm {
    private static final Path HOME = Path.of(System.getProperty("java.home"));

    /** The number that counts, such as 17. */
    static final int FEATURE = Runtime.version().feature();

    private Jvm() {}

    /** The path of one of its tools. */
    static String tool(String name) {
        return HOME.resolve("bin").resolve(name).toString();
    }

    /** What starts a Java machine with these flags and the class path of this one. */
    static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        command.addAll(flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(arguments);
        return command;
    }

    /** A heap that is large enough for all, and Netty's native library and {@code Unsafe} as quick as they can be. */
    static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"));
        flags.addAll(accessFlags());
        return flags;
    }

    /** What this Java machine has to be allowed, if it knows the flags. */
    static List<String> accessFlags() {
        List<String> flags = new ArrayList<>();
        if (FEATURE >= 22) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (FEATURE >= 23) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }
}
