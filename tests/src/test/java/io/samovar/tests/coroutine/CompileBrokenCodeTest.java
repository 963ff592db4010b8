package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the code does not compile anyway, javac is left to say so alone. */
@Timeout(60)
class CompileBrokenCodeTest {
    @Test
    void onlyJavacSpeaks() {
        String symbol = "cannot find symbol";
        new Compilation()
                .option("--should-stop=ifError=FLOW")
                .says(
                        error(symbol, "Coroutine<Void> m() { await(▸nothing); return Coroutine.done(); }"),
                        error(symbol, "Coroutine<Void> m() { await(▸nothing()); return Coroutine.done(); }"),
                        error(symbol, "▸Nothing m() { return null; }"),
                        error(symbol, "void m() { ▸nothing(() -> await(tea())); }"),
                        error(symbol, "void m() { ▸nothing(Base::tea); }"),
                        error(symbol, "void m() { ▸Nothing c = tea(); c.toString(); }"),
                        error(symbol, "▸Nothing<Coroutine<Void>> s = () -> { await(tea()); return null; };"),
                        error(symbol, "Supplier<Coroutine<▸Nothing>> s = () -> { await(tea()); return null; };"),
                        error(
                                symbol,
                                "class C extends ▸Nothing { Coroutine<Void> m() { super.toString(); return null; } }"),
                        error(symbol, "class C implements ▸Nothing<Integer> { int get() { return 1; } }"),
                        error(
                                symbol,
                                "@▸Nothing Coroutine<Void> m(Lock lock) { lock.unlock(); return Coroutine.done(); }"),
                        error("incompatible types", "Runnable r = tea▸();"),
                        error("is not a functional interface", "Object o = ▸() -> await(tea());"),
                        error(
                                "is not a functional interface",
                                "List<String> o = ▸() -> { await(tea()); return null; };"),
                        error(
                                "incompatible types",
                                "Supplier<Coroutine<Void>> s = () -> { await(tea()); return ▸1; };"),
                        error("cyclic inheritance", "▸class C extends C {}"),
                        error(symbol, "Coroutine<Void> m(▸Nothing in) { in.read(); return null; }"),
                        error(symbol, "Coroutine<Void> m() { try (▸Nothing in = null) { } return null; }"),
                        error(symbol, "Coroutine<Void> m() { ▸lock.lock(); await(tea()); return null; }"),
                        error("this makes a coroutine that nobody runs", "void m() { ▸tea(); }"));
    }
}
