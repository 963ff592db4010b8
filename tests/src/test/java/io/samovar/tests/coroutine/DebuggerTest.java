package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.kettle.Kettle;
import io.samovar.tests.coroutine.Debugger.Stop;
import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coroutines are debugged as other methods are. */
@Timeout(240)
class DebuggerTest {
    private static final Path SOURCE = Path.of("src", "test", "java", "com", "example", "kettle", "Kettle.java");
    /** What somebody who debugs a program does not want to step through. */
    private static final String[] LIBRARIES = {"io.samovar.*", "io.netty.*", "org.jctools.*", "java.*", "jdk.*", "sun.*"
    };

    /** Calls the body; it has no lines of its own. */
    private static final String FRAME_OF_TEA = Kettle.class.getName() + "$$tea$0.resume";

    private static final List<String> LINES_OF_TEA = List.of(
            "long water = 5_000_000_000L;",
            "String pot = \"pot of \" + leaves;",
            "int first = served + 1;",
            "served = first;",
            "await(turn());",
            "water += leaves.length();",
            "for (int cup = 1; cup <= cups; cup++) {",
            "double degrees = 90.25 + cup;",
            "await(turn());",
            "served += (int) (degrees * strength);",
            "for (int cup = 1; cup <= cups; cup++) {",
            "double degrees = 90.25 + cup;",
            "await(turn());",
            "served += (int) (degrees * strength);",
            "for (int cup = 1; cup <= cups; cup++) {",
            "String tea = pot + water;",
            "return Coroutine.of(tea);");
    private static final List<String> LINES_OF_BREAKFAST = List.of(
            "int plates = 1;",
            "int eggs = await(eggs(plates)) + await(eggs(2));",
            "plates += eggs;",
            "await(turn());",
            "served = plates;",
            "}",
            "return toast(plates);");

    @TempDir
    private Path directory;

    /** The program as the build of this test has compiled it. */
    private static Debugger debug(String... order) throws Exception {
        return debug(classesOf(Kettle.class), order);
    }

    private static Debugger debug(Path classes, String... order) throws Exception {
        return new Debugger(SOURCE, classes + File.pathSeparator + CompilerPath.userClassPath(), Kettle.class, order);
    }

    private static Path classesOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The program with {@code -Asamovar.keepLocals=true}. */
    private Path keepingLocals() {
        StringWriter said = new StringWriter();
        try (PrintWriter out = new PrintWriter(said)) {
            assertThat(ToolProvider.findFirst("javac")
                            .orElseThrow()
                            .run(
                                    out,
                                    out,
                                    "-g",
                                    "-Asamovar.keepLocals=true",
                                    "-processorpath",
                                    CompilerPath.processorPath(),
                                    "-d",
                                    directory.toString(),
                                    "-cp",
                                    CompilerPath.userClassPath(),
                                    SOURCE.toString()))
                    .as(said::toString)
                    .isZero();
        }
        return directory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "waits"})
    void breakpointsStopOnceEachTimeThatALineIsRun(String await) throws Exception {
        try (Debugger tea = debug(await, "tea");
                Debugger breakfast = debug(await, "breakfast")) {
            assertThat(tea.breakAtEachLineOf("tea")).isEqualTo(LINES_OF_TEA);
            assertThat(breakfast.breakAtEachLineOf("breakfast")).isEqualTo(LINES_OF_BREAKFAST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "waits"})
    void thisAndVariablesAreThoseOfTheSourceBeforeAndAfterAnAwait(String await) throws Exception {
        try (Debugger debugger = debug(await)) {
            Stop before = debugger.runTo("served = first;");
            assertThat(before.typeOfThis()).isEqualTo(Kettle.class.getName());
            assertThat(before.fieldOfThis("served")).isEqualTo(10);
            assertThat(before.variables())
                    .containsExactly(
                            "java.lang.String leaves=Assam",
                            "int cups=2",
                            "double strength=0.5",
                            "long water=5000000000",
                            "java.lang.String pot=pot of Assam",
                            "int first=11");

            Stop after = debugger.runTo("water += leaves.length()");
            assertThat(after.typeOfThis()).isEqualTo(Kettle.class.getName());
            assertThat(after.fieldOfThis("served")).isEqualTo(11);
            assertThat(after.variables())
                    .contains(
                            "java.lang.String leaves=Assam",
                            "int cups=2",
                            "double strength=0.5",
                            "long water=5000000000",
                            "java.lang.String pot=pot of Assam")
                    .hasSize(6);

            for (int cup = 1; cup <= 2; cup++) {
                Stop inLoop = debugger.runTo("served += (int)");
                assertThat(inLoop.variables())
                        .contains(
                                "int cups=2",
                                "double strength=0.5",
                                "long water=5000000005",
                                "java.lang.String pot=pot of Assam",
                                "int cup=" + cup,
                                "double degrees=" + (90.25 + cup))
                        .hasSize(8);
            }
            assertThat(debugger.runTo("return Coroutine.of(tea)").variables())
                    .contains("java.lang.String tea=pot of Assam5000000005")
                    .hasSize(7);
        }
    }

    @Test
    void afterAnAwaitThatWaitedVariablesThatAreNotReadAgainHaveNoValue() throws Exception {
        try (Debugger debugger = debug("waits")) {
            assertThat(debugger.runTo("served += (int)").variables())
                    .contains("java.lang.String leaves=null", "int first=0");
        }
        try (Debugger debugger = debug("ready")) {
            assertThat(debugger.runTo("served += (int)").variables())
                    .contains("java.lang.String leaves=Assam", "int first=11");
        }
    }

    @Test
    void keepLocalsKeepsTheValuesOfVariablesThatAreNotReadAgain() throws Exception {
        try (Debugger debugger = debug(keepingLocals(), "waits")) {
            assertThat(debugger.runTo("served += (int)").variables())
                    .contains("java.lang.String leaves=Assam", "int first=11");
        }
    }

    @Test
    void steppingGoesFromLineToLineOverLinesThatDoNotWait() throws Exception {
        try (Debugger tea = debug("ready", "tea");
                Debugger breakfast = debug("ready", "breakfast")) {
            assertThat(stepsOver(tea.runTo(LINES_OF_TEA.get(0)), LINES_OF_TEA.size()))
                    .isEqualTo(LINES_OF_TEA);
            assertThat(stepsOver(breakfast.runTo(LINES_OF_BREAKFAST.get(0)), LINES_OF_BREAKFAST.size()))
                    .isEqualTo(LINES_OF_BREAKFAST);
        }
    }

    private static List<String> stepsOver(Stop first, int count) throws Exception {
        List<String> lines = new ArrayList<>(List.of(first.line()));
        for (Stop stop = first; lines.size() < count; ) {
            stop = Objects.requireNonNull(stop.stepOver());
            lines.add(stop.line());
        }
        return lines;
    }

    private static List<String> stepsInto(Stop first, int count) throws Exception {
        List<String> lines = new ArrayList<>();
        for (Stop stop = first; lines.size() < count; ) {
            stop = Objects.requireNonNull(stop.stepInto(LIBRARIES));
            lines.add(stop.line());
        }
        return lines;
    }

    @Test
    void steppingOverAnAwaitThatWaitsLeavesTheMethod() throws Exception {
        try (Debugger debugger = debug("waits")) {
            Stop await =
                    Objects.requireNonNull(debugger.runTo("served = first;").stepOver());
            assertThat(await.line()).isEqualTo("await(turn());");
            Stop left = Objects.requireNonNull(await.stepOver());
            assertThat(left.line()).isEqualTo(FRAME_OF_TEA);
            assertThat(left.isSynthetic()).isTrue();
            Stop engine = Objects.requireNonNull(left.stepOver());
            assertThat(engine.line()).startsWith("io.samovar.");
            assertThat(debugger.runTo("water += leaves").variables()).contains("long water=5000000000");
        }
    }

    @Test
    void steppingOverAnAwaitThatWaitsDoesNotComeBackWhereTheEngineIsLeftOut() throws Exception {
        try (Debugger debugger = debug("waits")) {
            Stop await =
                    Objects.requireNonNull(debugger.runTo("served = first;").stepOver());
            Stop left = Objects.requireNonNull(await.stepOver(LIBRARIES));
            assertThat(left.line()).isEqualTo(FRAME_OF_TEA);
            Stop end = Objects.requireNonNull(left.stepOver(LIBRARIES));
            assertThat(end.line()).startsWith("Async.run(() -> kettle.tea(");
        }
    }

    @Test
    void steppingIntoAnAwaitThatWaitsGoesOnWithItWhereTheEngineIsLeftOut() throws Exception {
        try (Debugger debugger = debug("waits")) {
            Stop await =
                    Objects.requireNonNull(debugger.runTo("served = first;").stepOver());
            assertThat(stepsInto(await, 6))
                    .containsExactly(
                            "return waits ? Async.sleep(Duration.ZERO) : Coroutine.done();",
                            "await(turn());",
                            FRAME_OF_TEA,
                            "long water = 5_000_000_000L;", // the way back to the await is at the start of the code
                            "await(turn());",
                            "water += leaves.length();");
        }
    }

    @Test
    void steppingIntoACoroutineComesToItsFirstLineAndBackToWhoAwaitsIt() throws Exception {
        try (Debugger debugger = debug("ready", "breakfast")) {
            Stop call = debugger.runTo("int eggs = await");
            assertThat(stepsInto(call, 7))
                    .containsExactly(
                            "int boiling = number * 2;",
                            "await(turn());",
                            "return waits ? Async.sleep(Duration.ZERO) : Coroutine.done();",
                            "await(turn());",
                            "return Coroutine.of(boiling);",
                            Kettle.class.getName() + "$$eggs$2.resume",
                            "int eggs = await(eggs(plates)) + await(eggs(2));");
        }
    }
}
