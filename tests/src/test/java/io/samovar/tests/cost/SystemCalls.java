package io.samovar.tests.cost;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** The system calls of the event loops of another process, as the library that it preloads has counted them. */
final class SystemCalls {
    /** Where the library keeps them. */
    enum Kind {
        READS(0),
        WRITES(1),
        WAITS(2),
        CONTROLS(3),
        OTHERS(4);

        private final int place;

        Kind(int place) {
            this.place = place;
        }
    }

    private final Path library;
    private final Path file;
    private final LongBuffer counts;

    /** Compiles the library; a test that finds no compiler is skipped. */
    SystemCalls(Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "system calls are counted on Linux");
        library = directory.resolve("syscall-counter.so");
        compile(Path.of("syscall-counter", "counter.c"), library);
        file = directory.resolve("counts");
        Files.write(file, new byte[Kind.values().length * Long.BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            counts = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
        }
    }

    private static void compile(Path source, Path library) throws IOException, InterruptedException {
        Path root = Files.exists(source) ? Path.of("") : Path.of("tests");
        Process gcc;
        try {
            gcc = new ProcessBuilder(List.of(
                            "gcc",
                            "-std=gnu11",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-fPIC",
                            "-shared",
                            "-o",
                            library.toString(),
                            root.resolve(source).toString(),
                            "-ldl"))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException none) {
            assumeTrue(false, "gcc was not found, which compiles the library that counts");
            throw none;
        }
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc failed: " + said);
        }
    }

    /** What the process has to be started with. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "SYSCALL_COUNTS", file.toString());
    }

    /** Calls since the process was started. */
    long count(Kind kind) {
        return counts.get(kind.place);
    }
}
