package io.samovar.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Promise;
import io.samovar.Task;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jol.info.ClassLayout;

class MeasurementsTest {
    @Test
    void aSuspendedTaskKeepsItsTaskItsFrameAndItsFuture() throws Exception {
        String bytes = ChildJvm.run(List.of("-XX:+UseSerialGC"), MemoryRun.class, "SAMOVAR", "1", "20000");

        assertThat(Integer.parseInt(bytes)).isBetween(64, 256);
    }

    @Test
    void theLayoutIsThatOfTheObjectsMeasured() throws Exception {
        assertThat(LayoutCommand.classes()).hasSize(3).doesNotContainNull();
    }

    @Test
    void whatOnlySomeTasksNeedIsNotInTheTask() {
        assertThat(ClassLayout.parseClass(Task.class).instanceSize()).isLessThanOrEqualTo(48);
        assertThat(ClassLayout.parseClass(Promise.class).instanceSize()).isLessThanOrEqualTo(24);
    }

    @ParameterizedTest
    @EnumSource
    void theGeneratedCoroutinesCompileInEachWay(CompileRun.Variant variant) throws Exception {
        for (CompileRun.Sources sources : CompileRun.Sources.values()) {
            compile(sources, variant);
        }
    }

    private static void compile(CompileRun.Sources sources, CompileRun.Variant variant) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            CompileRun.main(new String[] {sources.name(), variant.name(), "0", "1"});
        } finally {
            System.setOut(console);
        }

        assertThat(Double.parseDouble(printed.toString(StandardCharsets.UTF_8).strip()))
                .isPositive();
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoThatAre() {
        assertThat(Report.median(new double[] {9, 1, 2})).isEqualTo(2);
        assertThat(Report.median(new double[] {9, 1, 2, 4})).isEqualTo(3);
    }
}
