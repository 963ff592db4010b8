package io.samovar;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one coroutine after another on one loop, and ends the loop in good order. asyncio: {@code Runner}.
 *
 * <p>The loop is opened when it is first needed. {@link #close()} cancels the tasks that are left, waits until they have cleaned
 * up, reports those that fail, waits up to five minutes for blocking calls, and closes the loop. All of it happens on the
 * thread that uses the runner.
 *
 * <pre>{@code
 * try (Runner runner = new Runner(() -> EventLoop.open("nio"))) {
 *     Session session = runner.run(() -> logIn());
 *     for (String line : lines) {
 *         System.out.println(runner.run(() -> session.ask(line)));
 *     }
 * }
 * }</pre>
 *
 * <p><b>Ctrl-C.</b> In the main thread, which Java names {@code main}, the first one while a coroutine runs cancels that coroutine's task, so its {@code
 * finally} blocks run. When it has ended by that, {@link KeyboardInterrupt} is thrown, and if nobody catches it, the process exits
 * with status 130 and runs its shutdown hooks, as Java does by itself. A second Ctrl-C does that at once. A coroutine that
 * catches the cancellation and returns goes on as if nothing had happened. In other threads, in a process that ignores
 * SIGINT or handles it itself, and with {@code java -Xrs} Ctrl-C does what it always does. Who wants that anyway handles the
 * signal, by {@link EventLoop#addSignalHandler} or {@link Signals#next}, which come first.
 */
public final class Runner implements AutoCloseable {
    private final Supplier<EventLoop> loopFactory;
    /** {@code null} until it is needed. */
    private @Nullable EventLoop loop;

    /** What all runs share; {@code null} before the loop is opened. */
    private @Nullable Context context;

    private boolean closed;

    /** A runner on the loop that {@link EventLoop#open()} gives. */
    public Runner() {
        this(EventLoop::open);
    }

    /** A runner on a loop of your own making; the runner closes it. asyncio: {@code loop_factory}. */
    public Runner(Supplier<EventLoop> loopFactory) {
        this.loopFactory = loopFactory;
    }

    /**
     * The loop, which is opened now if that has not been done.
     *
     * @throws IllegalStateException if the runner is closed
     */
    public EventLoop loop() {
        if (closed) {
            throw new IllegalStateException("the runner is closed: make a new one");
        }
        EventLoop opened = loop;
        if (opened == null) {
            opened = loopFactory.get();
            context = Context.copyCurrent();
            loop = opened;
        }
        return opened;
    }

    /**
     * Runs a coroutine to its end. Other tasks that it leaves go on in the next run.
     *
     * <p>All runs share one {@link Context}, a copy of what was there when the loop was opened: what one run sets is there in the
     * next.
     *
     * @param main called on the loop to make the coroutine
     * @return the coroutine's result; its failure is thrown as it is
     * @throws KeyboardInterrupt if Ctrl-C has cancelled the coroutine; only in the main thread
     * @throws IllegalStateException if the runner is closed, or a loop is running in this thread
     */
    public <T extends @Nullable Object> T run(Callable<? extends Coroutine<? extends T>> main) {
        EventLoop runsOn = loop();
        Context shared = context;
        assert shared != null : "made with the loop";
        return run(runsOn, main, shared);
    }

    /** {@link #run(Callable)} in a context of your choice. */
    public <T extends @Nullable Object> T run(Callable<? extends Coroutine<? extends T>> main, Context inContext) {
        return run(loop(), main, inContext);
    }

    private static <T extends @Nullable Object> T run(
            EventLoop runsOn, Callable<? extends Coroutine<? extends T>> main, Context inContext) {
        runsOn.checkCanRun();
        Task<T> task = runsOn.createTask(
                Deferred.call(main), TaskOptions.DEFAULT.context(inContext).eager(false));
        Interrupt interrupt = Interrupt.of(runsOn, task);
        try {
            T result = runsOn.runUntilComplete(task);
            if (interrupt.cameTooLate()) {
                throw Interrupt.thrownFromMain(null);
            }
            return result;
        } catch (CancelledError cancelled) {
            if (interrupt.cameTooLate() || (interrupt.hasCancelled() && task.uncancel() == 0)) {
                throw Interrupt.thrownFromMain(cancelled);
            }
            throw cancelled; // somebody else wanted it as well
        } finally {
            interrupt.close();
            if (task.isDone() && !task.isCancelled()) {
                Throwable unused = task.exception(); // thrown here in any case, so nobody has to be told of it
            }
        }
    }

    /**
     * Ends the loop in good order. Closing twice does nothing.
     *
     * @throws IllegalStateException if the loop is running
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (loop != null) {
            Shutdown.of(loop);
        }
    }
}
