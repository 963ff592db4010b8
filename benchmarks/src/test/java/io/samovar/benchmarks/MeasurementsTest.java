package io.samovar.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Promise;
import io.samovar.Task;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jol.info.ClassLayout;

class MeasurementsTest {
    @ParameterizedTest
    @CsvSource({"1, 104", "3, 168"})
    void aSuspendedTaskKeepsItsTaskItsFramesAndItsFuture(String depth, int bytes) throws Exception {
        String measured = ChildJvm.run(
                List.of("-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"), MemoryRun.class, "SAMOVAR", depth, "1000000");

        // What is made once, such as the jars' directories, adds some bytes to each; an object grows by eight.
        assertThat(Integer.parseInt(measured)).isBetween(bytes, bytes + 7);
    }

    @Test
    void theLayoutIsThatOfTheObjectsMeasured() throws Exception {
        assertThat(LayoutCommand.classes())
                .extracting(type -> ClassLayout.parseClass(type).instanceSize())
                .containsExactly(
                        48L, 24L, 32L); // a task, a future, a frame: 104 bytes, and a frame more for each depth
    }

    @Test
    void whatOnlySomeTasksNeedIsNotInTheTask() {
        assertThat(ClassLayout.parseClass(Task.class).instanceSize()).isLessThanOrEqualTo(48);
        assertThat(ClassLayout.parseClass(Promise.class).instanceSize()).isLessThanOrEqualTo(24);
    }

    @ParameterizedTest
    @EnumSource
    void theGeneratedCoroutinesCompileInEachWay(CompileRun.Variant variant, @TempDir Path directory) throws Exception {
        ManyCoroutines.writeJava(directory.resolve("small"));
        OrdinaryCoroutines.writeJava(directory.resolve("ordinary"));
        compile(directory.resolve("small"), variant, directory.resolve("classes"));
        compile(directory.resolve("ordinary"), variant, directory.resolve("classes"));
    }

    private static void compile(Path sources, CompileRun.Variant variant, Path classes) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            CompileRun.main(new String[] {variant.name(), "0", "1", classes.toString(), "", sources.toString()});
        } finally {
            System.setOut(console);
        }

        assertThat(Double.parseDouble(printed.toString(StandardCharsets.UTF_8).strip()))
                .isPositive();
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoThatAre() {
        assertThat(Median.of(new double[] {9, 1, 2})).isEqualTo(2);
        assertThat(Median.of(new double[] {9, 1, 2, 4})).isEqualTo(3);
    }
}
