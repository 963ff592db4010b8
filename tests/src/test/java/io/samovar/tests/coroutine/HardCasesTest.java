package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Frame;
import io.samovar.testing.VirtualClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/** Each hard case gives what plain Java would, with awaits that wait and with awaits that do not. */
@Timeout(60)
class HardCasesTest {
    private static <T> void gives(T expected, Function<HardCases, Coroutine<T>> coroutine) {
        for (boolean waits : new boolean[] {false, true}) {
            try (EventLoop loop = new VirtualClock().openLoop()) {
                assertThat(loop.runUntilComplete(coroutine.apply(new HardCases(waits))))
                        .as("waits: %s", waits)
                        .isEqualTo(expected);
            }
        }
    }

    private static void logs(List<String> expected, Function<HardCases, Coroutine<?>> coroutine) {
        for (boolean waits : new boolean[] {false, true}) {
            try (EventLoop loop = new VirtualClock().openLoop()) {
                HardCases cases = new HardCases(waits);
                loop.runUntilComplete(coroutine.apply(cases));
                assertThat(cases.log).as("waits: %s", waits).isEqualTo(expected);
            }
        }
    }

    @Test
    void localsAndStackSurvive() {
        gives(
                1 + 2 + (int) (2L + 3.5 + 4.5f + 'a' + 6 + 7) + 1 + 3 + 1,
                cases -> cases.localsOfEveryKind(1, 2L, 3.5, 4.5f, true, 'a', (byte) 6, (short) 7, "xyz"));
        gives("ab12c3.5", HardCases::valuesOnTheStack);
        gives(2 + 5 * 3 + 1 + 2 + 5 * 3, cases -> cases.arrayCompoundAssignment(new int[] {3, 2}));
    }

    @Test
    void objectsAreConstructedAroundAwaits() {
        gives(new HardCases.Triple(1, "xy", 3), cases -> cases.constructionAcrossAwaits(true));
        gives(new HardCases.Triple(5, "xy", 3), cases -> cases.constructionAcrossAwaits(false));
    }

    @Test
    void halfMadeObjectsInVariablesAreMadeLater() {
        gives("caught", cases -> HardCases.HalfMade.constructionAroundASwitchWithATry(cases, 0));
        gives("given", cases -> HardCases.HalfMade.constructionAroundASwitchWithATry(cases, 1));
        gives("made given", cases -> HardCases.HalfMade.awaitAfterAConstructionAroundASwitchWithATry(cases, 1));
    }

    @Test
    void handlersAndFinallyBlocksRunAsEver() {
        gives("try body finally", cases -> cases.tryCatchFinally(false));
        gives("try boom finally", cases -> cases.tryCatchFinally(true));
        gives("inner1 caught outer2", HardCases::nestedFinally);
        logs(List.of("body 12", "close 2", "close 1"), HardCases::tryWithResources);
        gives("result", HardCases::tryWithResources);
    }

    @Test
    void aReturnedCoroutineBelongsToItsTry() {
        gives("caught boom", HardCases::returnedCoroutineFailsInsideItsTry);
        gives("value", HardCases::returnedCoroutineIsDoneBeforeFinally);
        logs(List.of("returned", "finally"), HardCases::returnedCoroutineIsDoneBeforeFinally);
        gives("value", HardCases::variableThatHoldsACoroutineIsNotAReturn);
        logs(List.of("finally", "ran"), HardCases::variableThatHoldsACoroutineIsNotAReturn);
    }

    @Test
    void aReturnedCoroutineRunsThoughItsFinallyReturnsAnother() {
        gives("last", HardCases::returnThatFinallyOverrides);
        logs(List.of("overridden", "finally"), HardCases::returnThatFinallyOverrides);
    }

    @Test
    void aReturnIsToldFromAVariableByTheShapeOfTheCode() {
        gives("caught boom", HardCases::returnInTryWithResourcesThatCatches);
        for (boolean outside : new boolean[] {false, true}) {
            gives("value", cases -> cases.variableThatFinallyReturns(outside));
            logs(List.of("finally", "ran"), cases -> cases.variableThatFinallyReturns(outside));
        }
        gives("A", cases -> cases.returnWhoseFinallyHasHandlersAndBranches(0));
        logs(List.of("a", "end"), cases -> cases.returnWhoseFinallyHasHandlersAndBranches(0));
        logs(List.of("b", "inner", "end"), cases -> cases.returnWhoseFinallyHasHandlersAndBranches(2));
        gives("value", cases -> cases.returnFromAMonitor(true));
        gives("caught", cases -> cases.returnFromAMonitor(false));
        logs(List.of("after the monitor"), cases -> cases.returnFromAMonitor(false));
    }

    @Test
    void futuresOfOtherLibrariesAreAwaitedLikeOurs() {
        for (boolean waits : new boolean[] {false, true}) {
            try (EventLoop loop = new VirtualClock().openLoop()) {
                HardCases cases = new HardCases(waits);
                String got = loop.runUntilComplete(cases.awaitsOfOtherFutures());
                assertThat(got).isEqualTo("xng43ab2" + (waits ? 't' : 'f') + "deep");
                assertThat(cases.log).containsExactly("ran", "finally");
            }
        }
        gives("boom1", HardCases::otherFuturesFailAtTheirAwait);
    }

    @Test
    void controlFlowIsJavas() {
        gives(13, cases -> cases.loops(5));
        gives(plainLoopsInsideLoops(5), cases -> cases.loopsInsideLoops(5));
        gives(1 + 10 * 6, cases -> cases.loopUnderOperands(5));
        gives(106, cases -> cases.loopAfterAnAwait(4));
        gives("A1", cases -> cases.switches("a"));
        gives("B", cases -> cases.switches("b"));
        gives("?", cases -> cases.switches("c"));
        gives(true, cases -> cases.assertsAndConditions(3));
        gives(true, cases -> cases.assertsAndConditions(0));
        gives(false, cases -> cases.assertsAndConditions(7));
    }

    /** {@link HardCases#loopsInsideLoops} without awaits. */
    private static String plainLoopsInsideLoops(int n) {
        StringBuilder seen = new StringBuilder();
        long total = 0;
        int[] counts = new int[n];
        rows:
        while (true) {
            String row = "r" + seen.length();
            for (int i = 0; i < n; i++) {
                double half = i / 2.0;
                try {
                    for (int j = i; ; j--) {
                        if (j < 0) {
                            continue rows;
                        }
                        int computed = 0;
                        for (int k = 0; k < 10; k++) {
                            computed += k * j;
                        }
                        counts[j] += computed;
                        total += computed;
                        if (total > 500) {
                            break rows;
                        }
                        if (j == 2) {
                            throw new IllegalStateException("boom");
                        }
                    }
                } catch (IllegalStateException failure) {
                    seen.append(row).append(half).append(",");
                } finally {
                    do {
                        total += 1;
                    } while (total % 3 != 0);
                }
            }
        }
        return seen + " " + total + " " + counts[n - 1];
    }

    @Test
    void everyKindOfMethodCanBeACoroutine() {
        gives(12, cases -> cases.lambdas(5));
        gives(31, HardCases::localAndAnonymousClasses);
        gives(9, cases -> cases.greatest(3, 9, 4));
        gives(43, cases -> HardCases.Doubling.of(() -> cases.give(21)));
        gives("SAMOVAR!", cases -> HardCases.Kettle.SAMOVAR.whistle(cases));
        gives("derived base1", cases -> cases.new Derived().name());
    }

    @Test
    void neitherRecursionNorTailCallsNeedAStack() {
        gives(610, cases -> cases.fib(15));
        gives(200_000, cases -> cases.deep(200_000));
        gives(7, cases -> cases.tailCalls(200_000));
    }

    @Test
    void callingACoroutineRunsNothing() {
        HardCases cases = new HardCases(false);
        Coroutine<String> coroutine = cases.nestedFinally();
        assertThat(coroutine).isInstanceOf(Frame.class);
        assertThat(cases.log).isEmpty();
        gives(null, HardCases::nothing);
    }

    @Test
    void everyWovenClassOfThisTreeIsSound() throws Exception {
        Path classes = Path.of(HardCases.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> woven = files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> file.getFileName().toString().contains("$$")
                            || file.getFileName().toString().startsWith("HardCases"))
                    .toList();
            assertThat(woven).hasSizeGreaterThan(30);
            for (Path file : woven) {
                StringWriter problems = new StringWriter();
                CheckClassAdapter.verify(
                        new ClassReader(bytes(file)), getClass().getClassLoader(), false, new PrintWriter(problems));
                assertThat(problems.toString()).as(file.toString()).isEmpty();
            }
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readAllBytes();
        }
    }

    @Test
    void awaitInAClassThatWasNotWovenSaysWhatToAdd() throws Exception {
        List<Method> awaits = Stream.of(Async.class.getMethods())
                .filter(method -> method.getName().equals("await"))
                .toList();
        assertThat(awaits).hasSize(3);
        for (Method await : awaits) {
            assertThatThrownBy(() -> await.invoke(null, new Object[] {null}))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("io.samovar:samovar-coroutine-compiler")
                    .hasMessageContaining("annotationProcessorPaths")
                    .hasMessageContaining("-javaagent:samovar-coroutine-compiler.jar");
        }
    }
}
