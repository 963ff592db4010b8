package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;
import static io.samovar.tests.coroutine.Compilation.fine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code await} where it cannot be is an error at its line and column, and says how to mend it. */
@Timeout(60)
class CompileErrorsTest {
    @Test
    void coroutinesCompile() {
        new Compilation()
                .says(
                        fine("Coroutine<Integer> method() { return Coroutine.of(await(tea())); }"),
                        fine(
                                "Supplier<Coroutine<Integer>> l = () -> { int i = await(tea()); return Coroutine.of(i); };"),
                        fine("Supplier<Coroutine<Integer>> l = () -> Coroutine.of(await(tea()));"),
                        fine("Task<Integer> task() { return Async.createTask(tea()); }"),
                        fine("Coroutine<Integer> handsOn() { return tea(); }"),
                        fine(
                                "Coroutine<Integer> m() { synchronized (await(Coroutine.of(new Object()))) { return Coroutine.of(1); } }"),
                        fine("int run() { return Async.run(() -> { await(tea()); return tea(); }); }"));
    }

    @Test
    void awaitNeedsAMethodThatReturnsCoroutine() {
        new Compilation()
                .says(
                        error(
                                "await in a method that is no coroutine: declare brew to return Coroutine<Integer>, and await it"
                                        + " where it is called",
                                "int brew() { return ▸await(tea()); }"),
                        error("declare brew to return Coroutine<Void>", "static void brew() {\n    ▸await(tea());\n}"),
                        error(
                                "declare brew to return Coroutine<Boolean>",
                                "boolean brew() { return ▸await(tea()) > 1; }"),
                        error(
                                "declare brew to return Coroutine<List<Integer>>",
                                "List<Integer> brew() { return List.of(Async▸.await(tea())); }"),
                        error(
                                "declare brew to return Coroutine<int[]>",
                                "int[] brew() { return new int[] {Async\n    ▸.<Integer>await(tea())}; }"));
    }

    @Test
    void stagesAndNettyFuturesAreAwaitedInCoroutinesOnly() {
        String netty = "io.netty.util.concurrent.Future";
        new Compilation()
                .says(
                        fine(
                                "Coroutine<Integer> m(CompletableFuture<Integer> f) { var x = await(f); return Coroutine.of(x + 1); }"),
                        fine(
                                "<T> Coroutine<T> m(CompletionStage<? extends T> s) { T t = await(s); return Coroutine.of(t); }"),
                        fine(
                                "Coroutine<Void> m(CompletionStage<Void> s) { await(s); Void v = await(s); return Coroutine.of(v); }"),
                        fine("Coroutine<Integer> m(Supplier<CompletableFuture<List<Integer>>> s)"
                                + " { return Coroutine.of(await(s.get().thenApply(l -> l.get(0)))); }"),
                        fine("Coroutine<Long> m(" + netty + "<Long> f) { long l = await(f); return Coroutine.of(l); }"),
                        fine("Coroutine<Void> m(" + netty + "<?> f) { await(f); return Coroutine.done(); }"),
                        fine(
                                "Supplier<Coroutine<Integer>> l = () -> Coroutine.of(await(CompletableFuture.supplyAsync(() -> 1)));"),
                        fine(
                                "<B extends io.samovar.Future<Integer>> Coroutine<Integer> m(B b) { return Coroutine.of(await(b)); }"),
                        error(
                                "declare brew to return Coroutine<Integer>",
                                "int brew(CompletionStage<Integer> s) { return ▸await(s); }"),
                        error(
                                "declare brew to return Coroutine<String>",
                                "CompletionStage<String> brew(CompletionStage<String> s) { ▸await(s); return s; }"),
                        error(
                                "declare brew to return Coroutine<Long>",
                                netty + "<Long> brew(" + netty + "<Long> f) { ▸await(f); return f; }"),
                        error("await in a constructor", "class P { P(CompletionStage<?> s) { ▸await(s); } }"),
                        error(
                                "await in a synchronized block",
                                "Coroutine<Void> m(CompletionStage<?> s) { synchronized (s) { ▸await(s); }"
                                        + " return Coroutine.done(); }"),
                        error(
                                "await in a lambda that returns no Coroutine",
                                "Consumer<CompletionStage<?>> c = s -> ▸await(s);"),
                        error(
                                "await cannot be a method reference",
                                "Function<CompletionStage<Integer>, Integer> f = ▸Async::await;"));
    }

    @Test
    void whatIsTwoKindsOfFutureAtOnceHasToSayWhichIsMeant() {
        new Compilation()
                .with("interface Both<T> extends Awaitable<T>, CompletionStage<T> {}")
                .says(error(
                        "reference to await is ambiguous",
                        "Coroutine<Integer> m(Both<Integer> b) { return Coroutine.of(▸await(b)); }"));
        new Compilation()
                .with("interface Both<T> extends Awaitable<T>, CompletionStage<T> {}")
                .says(
                        fine(
                                "Coroutine<Integer> m(Both<Integer> b) { return Coroutine.of(await((Awaitable<Integer>) b)); }"));
    }

    @Test
    void aSubclassOrSupertypeOfCoroutineMakesNoCoroutine() {
        new Compilation()
                .says(
                        error(
                                "declare brew to return Coroutine<Integer>",
                                "Frame<Integer> brew() { ▸await(tea()); return new Kettle(); }"),
                        error(
                                "declare brew to return Coroutine<...>",
                                "Kettle brew() { ▸await(tea()); return new Kettle(); }"),
                        error(
                                "declare brew to return Coroutine<Integer>",
                                "Awaitable<Integer> brew() { ▸await(tea()); return tea(); }"),
                        error(
                                "declare brew to return Coroutine<...>",
                                "Awaitable<?> brew() { ▸await(tea()); return tea(); }"),
                        error("declare brew to return Coroutine<Object>", "Object brew() { return ▸await(tea()); }"),
                        error(
                                "declare brew to return Coroutine<T>",
                                "<T> T brew(Awaitable<T> it) { return ▸await(it); }"),
                        error(
                                "declare brew to return Coroutine<...>",
                                "<C extends Coroutine<Integer>> C brew(C it) { ▸await(it); return it; }"));
    }

    @Test
    void whatCannotReturnACoroutineMakesATask() {
        new Compilation()
                .says(
                        error(
                                "await in main, which cannot be a coroutine: move it to a method that returns a Coroutine, and run"
                                        + " that with Async.run",
                                "public static void main(String[] args) { ▸await(tea()); }"),
                        error("await in main,", "static void main(String... args) { ▸await(tea()); }"),
                        error("await in main,", "void main() { ▸await(tea()); }"),
                        error("declare main to return Coroutine<Void>", "void main(int i) { ▸await(tea()); }"),
                        error(
                                "await in run, which overrides Runnable.run and so cannot return a Coroutine: move it to a method"
                                        + " that does, and pass that one's coroutine to Async.createTask here",
                                "class R implements Runnable { public void run() { ▸await(tea()); } }"),
                        error(
                                "await in call, which overrides Callable.call",
                                "Object o = new Callable<Integer>() { public Integer call() { return ▸await(tea()); } };"),
                        error(
                                "await in a method that is no coroutine: declare call to return Coroutine<Integer>",
                                "interface I { Awaitable<Integer> call(); }"
                                        + " class R implements I { public Frame<Integer> call() { ▸await(tea()); return null; } }"),
                        fine("class R implements Callable<Coroutine<Integer>> {"
                                + " public Coroutine<Integer> call() { await(tea()); return tea(); } }"));
    }

    @Test
    void awaitNeedsALambdaThatReturnsCoroutine() {
        new Compilation()
                .says(
                        error(
                                "await in a lambda that returns no Coroutine, because Runnable.run returns void: use an interface"
                                        + " that returns one, as Callable<Coroutine<...>>, or move it to a method that does and pass"
                                        + " that one's coroutine to Async.createTask here",
                                "Runnable lambda = () -> ▸await(tea());"),
                        error(
                                "because Callable.call returns Integer",
                                "Callable<Integer> lambda = () -> { return ▸await(tea()); };"),
                        error(
                                "because Callable.call returns Object",
                                "Callable<Object> lambda = () -> { ▸await(tea()); return tea(); };"),
                        error(
                                "because Supplier.get returns Frame<Integer>",
                                "Supplier<? extends Frame<Integer>> lambda = () -> { ▸await(tea()); return new Kettle(); };"),
                        error(
                                "because Supplier.get returns Awaitable<Integer>",
                                "Supplier<Awaitable<Integer>> lambda = () -> { ▸await(tea()); return tea(); };"),
                        error(
                                "because Runnable.run returns void",
                                "Object lambda = (Runnable & Serializable) () -> ▸await(tea());"));
    }

    @Test
    void theFunctionOfALambdaIsFoundWhereverItIsDeclared() {
        new Compilation()
                .with("interface Maker<T> { T make(); default void other() {} boolean equals(Object o); }")
                .with("interface Equal { boolean equals(Object o); int hashCode(); String toString();"
                        + " Coroutine<Integer> make(); }")
                .with("interface Inherits extends Maker<Coroutine<Integer>> {}")
                .with("interface Loose { Object make(); }")
                .with("interface Both extends Loose, Inherits {}")
                .with("interface BothAgain extends Inherits, Loose {}")
                .with(
                        "interface Closed extends Loose { default Object make() { return 1; } Coroutine<Integer> brew(); }")
                .with("interface Same { Coroutine<Integer> equals(Integer other); }")
                .with("interface Bounded<C extends Coroutine<Integer>> { C make(); }")
                .says(
                        fine("Equal l = () -> { await(tea()); return tea(); };"),
                        fine("Inherits l = () -> { await(tea()); return tea(); };"),
                        fine("Both l = () -> { await(tea()); return tea(); };"),
                        fine("BothAgain l = () -> { await(tea()); return tea(); };"),
                        fine("Closed l = () -> { await(tea()); return tea(); };"),
                        fine("Same l = other -> { await(tea()); return tea(); };"),
                        fine("Bounded<?> l = () -> { await(tea()); return tea(); };"),
                        fine("Maker<Coroutine<Integer>> l = () -> { await(tea()); return tea(); };"),
                        fine("Callable<? extends Coroutine<Integer>> l = () -> { await(tea()); return tea(); };"),
                        fine("Supplier<? extends Coroutine<?>> l = () -> { await(tea()); return tea(); };"),
                        fine("Supplier<? super Coroutine<Integer>> l = () -> { await(tea()); return tea(); };"),
                        fine("Function<String, ? extends Coroutine<?>> l = s -> { await(tea()); return tea(); };"),
                        fine(
                                "<T, C extends Coroutine<T>> Supplier<C> m(C c) { return () -> { await(c); return c; }; }"),
                        fine(
                                "Object l = (Supplier<Coroutine<Integer>> & Serializable) () -> Coroutine.of(await(tea()));"),
                        error(
                                "because Loose.make returns Object",
                                "Loose l = () -> { ▸await(tea()); return tea(); };"));
    }

    @Test
    void awaitBelongsToTheInnermostMethodOrLambda() {
        new Compilation()
                .says(
                        error(
                                "because Runnable.run returns void",
                                "Coroutine<Void> m() { Runnable r = () -> { ▸await(tea()); }; return Coroutine.done(); }"),
                        error(
                                "await in run, which overrides Runnable.run",
                                "Coroutine<Void> m() { new Runnable() { public void run() { ▸await(tea()); } }.run();"
                                        + " return Coroutine.done(); }"),
                        error(
                                "declare help to return Coroutine<Void>",
                                "Coroutine<Void> m() { class Local { void help() { ▸await(tea()); } } return Coroutine.done(); }"),
                        error(
                                "await in an initialiser",
                                "Coroutine<Void> m() { class Local { int i = ▸await(tea()); } return Coroutine.done(); }"),
                        fine("void m() { Async.createTask(((Supplier<Coroutine<Integer>>) () -> {"
                                + " await(tea()); return tea(); }).get()); }"),
                        fine("Coroutine<Integer> m(int i) { return Coroutine.of(switch (i) { case 1 -> await(tea());"
                                + " default -> { int j = await(tea()); yield j; } }); }"),
                        fine("Object m(Object lock) { synchronized (lock) {"
                                + " return (Supplier<Coroutine<Integer>>) () -> Coroutine.of(await(tea())); } }"));
    }

    @Test
    void awaitIsNotForWhatMakesAnObject() {
        new Compilation()
                .with("class Pot { Pot(int i) {} }")
                .says(
                        error(
                                "await in a constructor: move it to a static method that returns a Coroutine of the object, and"
                                        + " pass the constructor what it needs",
                                "class P { P() { ▸await(tea()); } }"),
                        error("await in a constructor", "class P extends Pot { P() { super(▸await(tea())); } }"),
                        error("await in a constructor", "record R(int i) { R { i = ▸await(tea()); } }"),
                        error("await in a constructor", "record R(int i) { R(String s) { this(▸await(tea())); } }"),
                        error(
                                "await in an initialiser: move it to a method that returns a Coroutine",
                                "{ ▸await(tea()); }"),
                        error("await in an initialiser", "static { ▸await(tea()); }"),
                        error("await in an initialiser", "int field = ▸await(tea());"),
                        error("await in an initialiser", "static final int FIELD = ▸await(tea());"),
                        error("await in an initialiser", "interface I { int FIELD = ▸await(tea()); }"),
                        error("await in an initialiser", "enum E { A(▸await(tea())); E(int i) {} }"),
                        error("await in an initialiser", "Object o = new Pot(▸await(tea())) {};"),
                        fine("enum E { A { Coroutine<Integer> m() { await(tea()); return tea(); } };"
                                + " abstract Coroutine<Integer> m(); }"));
    }

    @Test
    void awaitKeepsNoMonitor() {
        new Compilation()
                .says(
                        error(
                                "await in a synchronized block, which would keep the monitor while others run: await before or"
                                        + " after the block; between two awaits the coroutines of a loop need no lock",
                                "Coroutine<Integer> m() { synchronized (this) { return Coroutine.of(▸await(tea())); } }"),
                        error(
                                "await in a synchronized block",
                                "Coroutine<Integer> m() { synchronized (this) { for (;;) { ▸await(tea()); } } }"),
                        error(
                                "await in a synchronized method, which would keep the monitor while others run: take synchronized"
                                        + " off brew; between two awaits the coroutines of a loop need no lock",
                                "synchronized Coroutine<Integer> brew() { return Coroutine.of(▸await(tea())); }"));
    }

    @Test
    void awaitIsNoMethodReference() {
        new Compilation()
                .says(
                        error(
                                "await cannot be a method reference: write a lambda that returns a Coroutine, as"
                                        + " x -> Coroutine.of(await(x))",
                                "Function<Awaitable<Integer>, Integer> f = ▸Async::await;"),
                        error("await cannot be a method reference", "Consumer<Coroutine<?>> f = ▸Async::await;"));
    }
}
