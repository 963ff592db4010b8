package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;
import static io.samovar.tests.coroutine.Compilation.fine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coroutine that is made and never run is an error where it is made, and one that goes anywhere is not. */
@Timeout(60)
class LostCoroutinesTest {
    private static final String LOST =
            "this makes a coroutine that nobody runs: await it, return it, or pass it to Async.createTask";

    @Test
    void aStatementLosesTheCoroutineThatItMakes() {
        new Compilation()
                .with("class Parent extends Base { Coroutine<Integer> brew() { return tea(); } }")
                .says(
                        error(LOST, "void m() { ▸tea(); }"),
                        error(LOST, "Coroutine<Void> m() {\n    ▸tea();\n    return Coroutine.done();\n}"),
                        error(LOST, "void m() { Base▸.tea(); }"),
                        error(LOST, "static Base self() { return null; } void m() { self()\n    ▸.tea(); }"),
                        error(LOST, "void m(boolean b) { (b ? new Base() : this)▸.tea(); }"),
                        error(LOST, "class C extends Parent { void m() { super▸.brew(); } }"),
                        error(LOST, "void m() { Coroutine▸.of(1); }"),
                        error(LOST, "void m() { ▸new Kettle(); }"),
                        error(LOST, "void m() { new Kettle()▸.fill(); }"),
                        error(LOST, "Kettle kettle() { return new Kettle(); } void m() { ▸kettle(); }"),
                        error(
                                LOST,
                                "class Pot extends Kettle { Coroutine<Integer> pour() { return tea(); } void m() { ▸pour(); } }"),
                        error(LOST, "void m() { for (▸tea(); ; ) {} }"),
                        error(LOST, "void m() { for (; ; ▸tea()) {} }"),
                        error(LOST, "void m(int i) { switch (i) { case 1 -> ▸tea(); default -> {} } }"),
                        error(LOST, "void m() { if (true) ▸tea(); }"),
                        error(
                                LOST,
                                "Coroutine<Void> m() { ▸await(lazy()); return Coroutine.done(); }"
                                        + " Coroutine<Coroutine<Integer>> lazy() { return null; }"));
    }

    @Test
    void aGenericMethodLosesItToo() {
        new Compilation()
                .says(
                        error(LOST, "<T> Coroutine<T> some() { return null; } void m() { this▸.<String>some(); }"),
                        error(LOST, "void m(Supplier<Coroutine<Integer>> s) { s▸.get(); }"),
                        error(LOST, "void m(Function<String, ? extends Coroutine<?>> f) { f▸.apply(\"\"); }"),
                        error(LOST, "void m(Callable<Kettle> c) throws Exception { c▸.call(); }"),
                        error(LOST, "void m() { Objects▸.requireNonNull(tea()); }"),
                        error(LOST, "void m(boolean b) { Objects▸.requireNonNull(b ? null : tea(), \"tea\"); }"));
    }

    @Test
    void aFunctionThatReturnsNothingLosesIt() {
        String inRunnable = "this makes a coroutine that nobody runs, because Runnable.run returns nothing: pass it to"
                + " Async.createTask, or use an interface that returns a Coroutine";
        new Compilation()
                .with("interface Hook { void on(String event) throws Exception; }")
                .says(
                        error(inRunnable, "Runnable r = () -> ▸tea();"),
                        error(inRunnable, "Runnable r = ▸Base::tea;"),
                        error(inRunnable, "Runnable r = ▸Kettle::new;"),
                        error(inRunnable, "void m(Supplier<Coroutine<Integer>> s) { Runnable r = ▸s::get; }"),
                        error(inRunnable, "void m(Executor e) { e.execute(() -> ▸tea()); }"),
                        error(inRunnable, "Object r = (Runnable & Serializable) () -> ▸tea();"),
                        error("because Consumer.accept returns nothing", "Consumer<String> c = s -> ▸tea();"),
                        error("because Hook.on returns nothing", "Hook h = event -> Base▸.tea();"),
                        error(
                                "because Consumer.accept returns nothing",
                                "Coroutine<Integer> brew(int i) { return tea(); }"
                                        + " void m(List<Integer> l) { l.forEach(▸this::brew); }"),
                        error("because Runnable.run returns nothing", "Runnable r = () -> ▸new Kettle();"),
                        error(LOST, "Runnable r = () -> { ▸tea(); };"));
    }

    @Test
    void aSleepThatIsNotAwaitedIsNone() {
        String sleep = "this sleeps only when it is awaited: write await(Async.sleep(...))";
        new Compilation()
                .says(
                        error(sleep, "void m() { Async▸.sleep(Duration.ZERO); }"),
                        error(sleep, "Runnable r = () -> Async▸.sleep(Duration.ZERO);"),
                        fine("void m(io.samovar.net.TcpStream peer) { peer.write(); }"));
    }

    @Test
    void aWaitForALockOrAQueueThatIsNotAwaitedIsNone() {
        new Compilation()
                .with("class Waits extends Base { io.samovar.sync.Lock lock; io.samovar.sync.Event event;"
                        + " io.samovar.sync.Queue<String> queue; }")
                .says(
                        error(LOST, "class C extends Waits { void m() { lock▸.acquire(); } }"),
                        error(LOST, "class C extends Waits { void m() { lock▸.hold(); } }"),
                        error(LOST, "class C extends Waits { void m() { event▸.whenSet(); } }"),
                        error(LOST, "class C extends Waits { void m() { queue▸.put(\"tea\"); } }"),
                        error(
                                "because Runnable.run returns nothing",
                                "class C extends Waits { Runnable r = () -> queue▸.get(); }"),
                        error(
                                "the coroutine in line is never run",
                                "class C extends Waits { void m() { var ▸line = queue.get(); } }"),
                        fine("class C extends Waits { void m() { event.set(); queue.putNowait(\"tea\"); } }"),
                        fine("class C extends Waits { void m() { Async.createTask(queue.get()); } }"));
    }

    @Test
    void aCoroutineThatGoesSomewhereIsNotLost() {
        new Compilation()
                .says(
                        fine("Coroutine<Integer> field; void m() { field = tea(); }"),
                        fine("Coroutine<Integer> field = tea();"),
                        fine("Coroutine<?>[] array = {null}; void m() { array[0] = tea(); }"),
                        fine("void m(List<Coroutine<Integer>> l) { l.add(tea()); }"),
                        fine("void m(List<Coroutine<Integer>> l) { l.set(0, tea()); l.remove(0); }"),
                        fine("void m(Map<String, Coroutine<Integer>> m) { m.put(\"a\", tea()); m.remove(\"a\"); }"),
                        fine("void m(AtomicReference<Coroutine<Integer>> r) { r.getAndSet(tea()); }"),
                        fine("void m(Deque<Kettle> d) { d.poll(); d.pop(); }"),
                        fine("void m(Coroutine<Integer> c) { Objects.requireNonNull(c); }"),
                        fine("void m(Kettle kettle) { kettle.fill(); Runnable r = kettle::fill; }"),
                        fine("void m(Coroutine<?> unusedParameter) {}"),
                        fine("Supplier<Coroutine<Integer>> s = () -> tea(), t = Base::tea;"),
                        fine("void m() { Async.createTask(tea()); Task<Integer> t = Async.createTask(tea()); }"),
                        fine("Runnable r = () -> Async.createTask(tea());"),
                        fine("Runnable r = () -> tea().toString();"));
    }

    @Test
    void aVariableThatNobodyReadsLosesItsCoroutine() {
        String unused =
                "the coroutine in c is never run: await it, return it, or pass it to Async.createTask; if it is not to"
                        + " run, begin the variable's name with unused";
        new Compilation()
                .says(
                        error(unused, "void m() { Coroutine<Integer> ▸c = tea(); }"),
                        error(unused, "void m() { var ▸c = tea(); }"),
                        error(unused, "void m() { Awaitable<Integer> ▸c = tea(); }"),
                        error(unused, "void m() { Object ▸c = (Object) tea(); }"),
                        error(unused, "void m() { final Kettle ▸c = new Kettle(); }"),
                        error(unused, "void m() { Coroutine<Integer> ▸c; c = tea(); }"),
                        error(unused, "void m() { Coroutine<Integer> ▸c = null;\n    if (true) { c = tea(); } }"),
                        error(unused, "void m() { Coroutine<Integer> ▸c = tea(); c = tea(); }"),
                        error(unused, "void m(boolean b) { var ▸c = b ? tea() : null; }"),
                        error(unused, "void m(int i) { var ▸c = switch (i) { case 1 -> tea(); default -> null; }; }"),
                        error(unused, "void m() { for (var ▸c = tea(); ; ) {} }"),
                        error(unused, "void m(Supplier<Coroutine<Integer>> s) { var ▸c = s.get(); }"),
                        error(unused, "Runnable r = () -> { var ▸c = tea(); };"),
                        error(
                                unused,
                                "Coroutine<Void> m() { var ▸c = tea(); await(tea()); return Coroutine.done(); }"));
    }

    @Test
    void aVariableThatSomebodyReadsIsFine() {
        new Compilation()
                .with("class Jar implements AutoCloseable { public void close() {} }")
                .says(
                        fine("Coroutine<Void> m() { var c = tea(); await(c); return Coroutine.done(); }"),
                        fine("Coroutine<Integer> m() { var c = tea(); return c; }"),
                        fine("Supplier<Coroutine<Integer>> m() { var c = tea(); return () -> c; }"),
                        fine("Object m() { var c = tea(); return new Object() { Object get() { return c; } }; }"),
                        fine(
                                "Coroutine<Void> m() { Coroutine<Integer> c; await(c = tea()); return Coroutine.done(); }"),
                        fine("Coroutine<Integer> field; void m() { Coroutine<Integer> c = field; }"),
                        fine("void m(Deque<Coroutine<Integer>> d) { Coroutine<Integer> c = d.poll(); }"),
                        fine("void m(List<Coroutine<Integer>> l) { for (Coroutine<Integer> c : l) {} }"),
                        fine("void m(Object o) { if (o instanceof Coroutine<?> c) {} }"),
                        fine("void m() { var unusedTea = tea(); Object unused = new Kettle(); }"),
                        fine("void m() { Coroutine<Integer> c; }"),
                        fine("static class Lid extends Kettle implements AutoCloseable { public void close() {} }"
                                + " void m() { try (Lid lid = new Lid()) {} }"));
    }
}
