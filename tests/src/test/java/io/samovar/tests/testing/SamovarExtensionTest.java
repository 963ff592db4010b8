package io.samovar.tests.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs test classes of a user, and looks at what JUnit says of them. */
class SamovarExtensionTest {
    @Test
    void givesEachTestWhatItAsksFor() {
        assertThat(JunitRun.of(ExtensionSamples.GoodTests.class))
                .hasSize(9)
                .allSatisfy((test, outcome) -> assertThat(outcome).as(test).isEmpty());
    }

    @Test
    void failsATestThatLeavesSomethingBehind() {
        Map<String, String> outcomes = JunitRun.of(ExtensionSamples.LeakyTests.class);
        assertThat(outcomes).hasSize(6);
        assertThat(outcome(outcomes, "leaksATask"))
                .startsWith("java.lang.AssertionError: the test has left something behind:\n- a task is not done: Task")
                .contains("ExtensionSamples.sleeping(ExtensionSamples.java:")
                .contains("@SkipChecks(Check.LEAKED_TASKS)");
        assertThat(outcome(outcomes, "leaksAServer"))
                .contains("the server at /192.0.2.7:7 was not closed; it was opened at");
        assertThat(outcome(outcomes, "leavesAnError")).contains("IllegalStateException: boom");
        assertThat(outcome(outcomes, "failsAndLeaks"))
                .startsWith(
                        "java.lang.IllegalStateException: the test's own failure\nsuppressed: java.lang.AssertionError")
                .contains("a task is not done");
        assertThat(outcome(outcomes, "takesTooLong"))
                .startsWith("java.lang.AssertionError: the test took longer than 0.05s")
                .contains("ExtensionSamples.sleeping(ExtensionSamples.java:");
        assertThat(outcome(outcomes, "mayLeakATask")).isEmpty();
    }

    @Test
    void whatAClassSaysCountsForItsTestsUnlessTheySaySomethingElse() {
        Map<String, String> outcomes = JunitRun.of(ExtensionSamples.LenientTests.class);
        assertThat(outcomes).hasSize(4);
        assertThat(outcome(outcomes, "mayLeakATask(")).isEmpty();
        assertThat(outcome(outcomes, "mayLeakATaskToo(")).isEmpty();
        assertThat(outcome(outcomes, "mayNot(")).contains("a task is not done");
        assertThat(outcome(outcomes, "takesTooLong(")).contains("the test took longer than 0.05s");
    }

    @Test
    void saysWhereALoopCanNotBeHad() {
        assertThat(JunitRun.of(ExtensionSamples.ConstructorTests.class).values())
                .singleElement()
                .asString()
                .contains("each test has a loop of its own")
                .contains("cannot have a VirtualClock: take it as a parameter of the test method");
        assertThat(JunitRun.of(ExtensionSamples.UndecidedTests.class).values())
                .singleElement()
                .asString()
                .contains("the loop of this test is on a real transport already, which has no VirtualClock:"
                        + " put @OnTransport(\"virtual\") on the class");
    }

    @Test
    void saysWhatIsWrongWithAThreadOfJunitsOwn() {
        assertThat(JunitRun.of(ExtensionSamples.OtherThreadTests.class).values())
                .singleElement()
                .asString()
                .contains("the loop of a test belongs to the thread that opened it, and this is another one")
                .contains("use @TimeLimit");
    }

    @Test
    void failsAClassWithTestMethodsThatJunitWouldNotRun() {
        assertThat(JunitRun.of(ExtensionSamples.CoroutineTests.class).values())
                .singleElement()
                .asString()
                .contains("JUnit runs only void test methods, and these return a Coroutine: CoroutineTests.neverRuns;"
                        + " make them void, and put what they do into runTest(() -> { ... })");
    }

    @Test
    void doesTheSameWithTheOldestJunit(@TempDir Path directory) {
        Class<?>[] samples = {
            ExtensionSamples.GoodTests.class,
            ExtensionSamples.LeakyTests.class,
            ExtensionSamples.LenientTests.class,
            ExtensionSamples.CoroutineTests.class
        };
        String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("junit"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-cp",
                Path.of("target", "tools", "junit-oldest.jar").toAbsolutePath() + File.pathSeparator + others,
                JunitRun.class.getName()));
        Arrays.stream(samples).map(Class::getName).forEach(command::add);
        String said = run(directory, command);
        assertThat(said).containsPattern("JUnit is file:.*/junit-oldest.jar");
        Map<String, String> here = JunitRun.of(samples);
        assertThat(here).hasSize(20);
        List<String> expected = here.entrySet().stream()
                .map(entry -> entry.getKey() + " -> "
                        + entry.getValue().lines().findFirst().orElse(""))
                .toList();
        assertThat(said.lines().filter(line -> line.contains("Tests."))).hasSameElementsAs(expected);
    }

    private static String run(Path directory, List<String> command) {
        try {
            Path said = directory.resolve("said");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(said)).isZero();
            return Files.readString(said);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String outcome(Map<String, String> outcomes, String test) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().contains("." + test))
                .map(Map.Entry::getValue)
                .reduce((one, other) -> one + "\nand\n" + other)
                .orElseThrow(() -> new AssertionError(test + " did not run: " + outcomes));
    }
}
