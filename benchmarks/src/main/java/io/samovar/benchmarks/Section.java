package io.samovar.benchmarks;

import java.util.List;

/**
 * One table of the report.
 *
 * @param title its heading
 * @param unit what its numbers are
 * @param columns methods of the benchmarks, the first two of which are compared
 * @param benchmarks what its rows are, in order
 */
record Section(String title, String unit, List<String> columns, List<Row> benchmarks) {
    /**
     * The rows of one benchmark, one for each combination of its parameters.
     *
     * @param benchmark the class
     * @param title what it does
     */
    record Row(Class<?> benchmark, String title) {}

    /** Every table, in order. */
    static final List<Section> ALL = List.of(
            new Section(
                    "Calls and awaits",
                    "ns, and bytes allocated, per call or await",
                    List.of("samovar", "kotlin"),
                    List.of(
                            new Row(AwaitCompleted.class, "await a completed future"),
                            new Row(CallFinished.class, "call and await a child that has no await"),
                            new Row(CallChild.class, "call and await a child"),
                            new Row(CallInterface.class, "the same, interface with four implementations"),
                            new Row(Fibonacci.class, "fib(25)"),
                            new Row(NewFuture.class, "new future, suspend, complete, wake"))),
            new Section(
                    "Switches: suspend and resume through the ready queue",
                    "ns, and bytes allocated, per switch; the ratio is to the faster one of Kotlin's two",
                    List.of("samovar", "kotlin", "kotlinPlainDispatcher", "virtualThreads"),
                    List.of(
                            new Row(Switch.class, "no sockets"),
                            new Row(SwitchWithSockets.class, "the kernel asked for sockets in each iteration"))),
            new Section(
                    "Exceptions",
                    "ns, and bytes allocated, per exception",
                    List.of("samovar", "kotlin", "samovarPlainTraces"),
                    List.of(new Row(ThrowThrough.class, "thrown and caught"))),
            new Section(
                    "Loops that compute inside a loop that awaits",
                    "ns per step of the inner loop",
                    List.of("samovar", "plainJava", "kotlin"),
                    List.of(new Row(Compute.class, "loop"))),
            new Section(
                    "Timers that are scheduled and cancelled",
                    "ns, and bytes allocated, per timer",
                    List.of("cancelled"),
                    List.of(new Row(Timers.class, "timer"))),
            new Section(
                    "Timers that fire and are scheduled again",
                    "ns, and bytes allocated, per timer; an iteration of the loop for each included",
                    List.of("fire"),
                    List.of(new Row(Timers.class, "timer"))),
            new Section(
                    "First use of " + ManyCoroutines.METHODS + " coroutines",
                    "ms in a new Java machine",
                    List.of("samovar", "kotlin"),
                    List.of(new Row(ColdStart.class, "each called and awaited once"))));
}
