package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.List;

/** The signals of the operating system, for coroutines. */
public final class Signals {
    private Signals() {}

    /**
     * Waits for one of these signals, and gives the name of the one that came.
     *
     * <pre>{@code
     * await(Signals.next("TERM", "INT"));                  // kill, or Ctrl-C
     * await(server.drain(Duration.ofSeconds(10)));
     * }</pre>
     *
     * <p>The signals are handled while this waits. Before and after, they do what they always do: SIGTERM ends the process, as
     * does a second Ctrl-C. Who must not miss one, between two waits for instance, uses {@link
     * EventLoop#addSignalHandler}. Several may wait for the same signal, and all are told.
     *
     * @param names the signals, {@code "TERM"} or {@code "SIGTERM"}
     * @return the name without {@code SIG}, as in {@code "TERM"}
     * @throws IllegalArgumentException if there is no such signal, or the Java machine needs it
     * @throws UnsupportedOperationException if this Java machine has no module {@code jdk.unsupported}
     */
    public static Coroutine<String> next(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("wait for one signal at least");
        }
        EventLoop loop = EventLoop.current();
        Promise<String> first = loop.createFuture();
        List<LoopSignals.Subscription> subscriptions = new ArrayList<>();
        try {
            for (String name : names) {
                subscriptions.add(loop.signals().subscribe(name, () -> came(first, name)));
            }
            return Coroutine.of(await(first));
        } finally {
            subscriptions.forEach(LoopSignals.Subscription::close);
        }
    }

    private static void came(Promise<String> first, String name) {
        if (!first.isDone()) {
            first.setResult(ProcessSignal.nameOf(name));
        }
    }
}
