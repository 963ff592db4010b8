package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;
import static io.samovar.tests.coroutine.Compilation.fine;
import static io.samovar.tests.coroutine.Compilation.warning;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What the coroutine compiler says of code for newer versions of Java. */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_25)
class NewerJavaTest {
    private static Compilation compilation() {
        return new Compilation().release(25);
    }

    @Test
    void patternsBelongToTheMethodAroundThem() {
        compilation()
                .with("record Cup(Coroutine<Integer> tea, int sugar) {}")
                .says(
                        error(
                                "declare m to return Coroutine<Integer>",
                                "int m(Object o) { return switch (o) {\n    case Cup(var tea, int s) when s > 1 -> ▸await(tea);"
                                        + " default -> 0; }; }"),
                        error(
                                "this makes a coroutine that nobody runs",
                                "void m(Object o) { switch (o) { case Cup(var tea, _) -> ▸tea(); default -> {} } }"),
                        fine("void m(Object o) { if (o instanceof Cup(var tea, int s)) {} }"));
    }

    @Test
    void anUnnamedVariableIsUnusedOnPurpose() {
        compilation()
                .says(
                        fine("void m() { Coroutine<Integer> _ = tea(); var _ = tea(); }"),
                        error("the coroutine in c is never run", "void m() { var ▸c = tea(); }"));
    }

    @Test
    void anAwaitBeforeSuperIsInAConstructor() {
        compilation()
                .says(error("await in a constructor", "class P { P() {\n    int i = ▸await(tea());\n    super(); } }"));
    }

    @Test
    void anExecutorThatIsClosedBlocks() {
        compilation()
                .says(
                        warning(
                                "[samovar.blocking] ExecutorService.close would block",
                                "Coroutine<Void> m(ExecutorService e) { e▸.close(); return Coroutine.done(); }"),
                        warning(
                                "[samovar.blocking] ExecutorService.close would block",
                                "Coroutine<Void> m() { try (var ▸e = Executors.newCachedThreadPool()) {}"
                                        + " return Coroutine.done(); }"),
                        warning(
                                "[samovar.blocking] ForkJoinPool.close would block",
                                "Coroutine<Void> m(ForkJoinPool e) { try (▸e) {} return Coroutine.done(); }"));
    }
}
