package io.samovar.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What was measured where. */
public final class Machine {
    private Machine() {}

    /** Date, processor, Java and command, as a Markdown paragraph. */
    static String describe(String command) {
        return "%s; Kotlin %s; `benchmarks/run %s`".formatted(describe(), kotlin.KotlinVersion.CURRENT, command);
    }

    /** Date, processor and Java. */
    public static String describe() {
        return "%s, %s, %d CPUs, %s %s"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.vm.version"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElseGet(Machine::architecture);
        } catch (IOException notLinux) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.name") + ' ' + System.getProperty("os.arch");
    }
}
