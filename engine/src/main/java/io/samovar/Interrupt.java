package io.samovar;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C does to one run in the main thread: the first cancels its main task, the second ends the process at once.
 *
 * <p>Java by itself does the latter with the first: it runs the shutdown hooks while the program goes on, and exits with 130. Here the
 * program is over before that, so its {@code finally} blocks have run. asyncio: {@code Runner._on_sigint}.
 */
final class Interrupt implements BooleanSupplier {
    private static final String SIGNAL = "INT";

    /** SIGINT's number added to what shells add. */
    private static final int EXIT_STATUS = 128 + 2;

    /** What Java calls the thread that calls {@code main}. There is nothing else to know it by: its id differs between versions. */
    private static final String MAIN_THREAD = "main";

    private final EventLoop loop;
    private final Task<?> main;
    private volatile boolean came;
    /** The main task was cancelled for it. Belongs to the loop thread. */
    private boolean delivered;

    private Interrupt(EventLoop loop, Task<?> main) {
        this.loop = loop;
        this.main = main;
    }

    /** From now on Ctrl-C cancels {@code main}, if this is the main thread and Ctrl-C would end the process. */
    static Interrupt of(EventLoop loop, Task<?> main) {
        Interrupt interrupt = new Interrupt(loop, main);
        if (Thread.currentThread().getName().equals(MAIN_THREAD)) {
            boolean unused = ProcessSignal.interruptWith(SIGNAL, interrupt);
        }
        return interrupt;
    }

    /** Ctrl-C, in a thread of its own. */
    @Override
    public boolean getAsBoolean() {
        if (came) {
            return false;
        }
        came = true;
        try {
            loop.execute(() -> delivered = main.cancel());
            return true;
        } catch (LoopClosedException tooLate) {
            return false;
        }
    }

    /** Whether Ctrl-C has cancelled the main task. */
    boolean hasCancelled() {
        return delivered;
    }

    /** Whether Ctrl-C came so late that the main task was over before it could be cancelled. */
    boolean cameTooLate() {
        return came && !delivered;
    }

    /** From now on Ctrl-C does again what it did before. */
    void close() {
        ProcessSignal.endInterrupt(SIGNAL, this);
    }

    /**
     * For the main thread to throw; if it does not catch it, the process exits.
     *
     * <p>Not at once, for who awaits this thread's end in a shutdown hook would wait in vain: the exit runs the hooks.
     */
    static KeyboardInterrupt thrownFromMain(@Nullable CancelledError cancellation) {
        Thread thread = Thread.currentThread();
        UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        if (!(before instanceof ExitOnInterrupt)) {
            thread.setUncaughtExceptionHandler(new ExitOnInterrupt(before));
        }
        return new KeyboardInterrupt(cancellation);
    }

    /** Ends the process when the thread has ended by a {@link KeyboardInterrupt}. */
    private record ExitOnInterrupt(UncaughtExceptionHandler before) implements UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            if (thrown instanceof KeyboardInterrupt) {
                // no daemon: the Java machine waits for it
                new Thread(() -> exitAfter(thread), "samovar-interrupted").start();
            } else {
                before.uncaughtException(thread, thrown);
            }
        }

        private static void exitAfter(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt(); // and exit at once
            }
            Runtime.getRuntime().exit(EXIT_STATUS);
        }
    }
}
