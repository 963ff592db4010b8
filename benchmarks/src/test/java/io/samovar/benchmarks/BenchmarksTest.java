package io.samovar.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
    private static Collection<RunResult> results;

    @BeforeAll
    static void runsEachBodyOnce() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("io\\.samovar\\.benchmarks\\.")
                .param("tasks", "100") // one value of what makes many combinations
                .param("depth", "3")
                .param("frames", "10")
                .param("live", "10")
                .addProfiler(CpuTime.class)
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (!VirtualThreads.available()) {
            options.exclude("\\.virtualThreads$");
        }
        results = new Runner(options.build()).run();
    }

    @Test
    void everyBenchmarkHasARowInTheReport() {
        String report = Report.times(results);

        assertThat(Section.ALL)
                .allSatisfy(section -> assertThat(section.benchmarks())
                        .allSatisfy(row -> assertThat(report).contains("| " + row.title())));
        assertThat(results)
                .allSatisfy(result -> assertThat(Section.ALL)
                        .anyMatch(section -> section.benchmarks().stream()
                                .anyMatch(row -> result.getParams()
                                        .getBenchmark()
                                        .startsWith(row.benchmark().getName() + '.'))));
    }

    @Test
    void samovarKotlinAndPlainJavaComputeTheSame() {
        try (Loop loop = new Loop()) {
            assertThat(new AwaitCompleted().samovar(loop)).isEqualTo(new AwaitCompleted().kotlin());
            assertThat(new CallFinished().samovar(loop)).isEqualTo(new CallFinished().kotlin());
            assertThat(new CallInterface().samovar(loop)).isEqualTo(new CallInterface().kotlin());
            assertThat(new Fibonacci().samovar(loop))
                    .isEqualTo(new Fibonacci().kotlin())
                    .isEqualTo(75_025);
            assertThat(new NewFuture().samovar(loop)).isEqualTo(new NewFuture().kotlin());
            assertThat(new ThrowThrough().samovar(loop)).isEqualTo(new ThrowThrough().kotlin());
            CallChild child = new CallChild();
            child.suspendsOnceIn = "1024";
            child.setUp();
            assertThat(child.samovar(loop)).isEqualTo(child.kotlin());
            Switch switches = new Switch();
            switches.depth = 3;
            assertThat(switches.samovar(loop)).isEqualTo(switches.kotlin()).isEqualTo(switches.kotlinPlainDispatcher());
            for (Compute.Shape shape : Compute.Shape.values()) {
                Compute compute = new Compute();
                compute.shape = shape;
                Compute fresh = new Compute(); // one of the shapes writes what it computes on
                fresh.shape = shape;
                Compute third = new Compute();
                third.shape = shape;
                assertThat(compute.samovar(loop))
                        .as(shape.name())
                        .isEqualTo(fresh.kotlin())
                        .isEqualTo(third.plainJava());
            }
            ColdStart cold = new ColdStart();
            assertThat(cold.samovar()).isEqualTo(cold.kotlin());
        }
    }
}
