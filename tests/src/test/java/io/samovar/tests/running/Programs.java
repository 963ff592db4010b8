package io.samovar.tests.running;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.KeyboardInterrupt;
import io.samovar.Promise;
import io.samovar.Runner;
import io.samovar.Signals;
import io.samovar.Task;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What {@link CtrlCTest} runs and interrupts. Each says that it is ready, and what happens to it. */
final class Programs {
    private Programs() {}

    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "waiting" -> waiting();
            case "cancelling itself" -> run(Programs::cancellingItself);
            case "cleaning up for ever" -> run(Programs::cleaningUpForEver);
            case "swallowing" -> run(Programs::swallowing);
            case "catching" -> catching();
            case "in another thread" -> inAnotherThread();
            case "stopping well" -> run(Programs::stoppingWell);
            case "handling" -> run(Programs::handling);
            case "without signals" -> withoutSignals();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void say(String what) {
        System.out.println("> " + what);
    }

    private static void run(Callable<Coroutine<String>> main) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> say("hook")));
        try {
            say("result: " + Async.run(main));
        } catch (CancelledError cancelled) {
            say("cancelled");
        } finally {
            say("main ends");
        }
    }

    /** With the shutdown hook of many programs, which waits for the main thread to end. */
    private static void waiting() {
        Thread mainThread = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                mainThread.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            say("hook");
        }));
        try {
            Async.run(() -> {
                Promise<String> future = EventLoop.current().createFuture();
                say("ready");
                try {
                    return Coroutine.of(await(future));
                } finally {
                    say("future cancelled: " + future.isCancelled());
                }
            });
            say("not reached");
        } finally {
            say("main ends");
        }
    }

    private static Coroutine<String> cancellingItself() {
        EventLoop loop = EventLoop.current();
        Task<?> main = loop.currentTask();
        loop.addSignalHandler("USR1", () -> {
            main.cancel();
            say("cancels itself");
        });
        say("ready");
        try {
            await(loop.createFuture());
        } catch (CancelledError cancelled) {
            say("cancelled once");
            await(loop.createFuture());
        }
        return Coroutine.of("not reached");
    }

    private static Coroutine<String> cleaningUpForEver() {
        EventLoop loop = EventLoop.current();
        say("ready");
        try {
            await(loop.createFuture());
        } finally {
            say("cleaning up");
            await(loop.createFuture());
            say("not reached");
        }
        return Coroutine.of("not reached");
    }

    private static Coroutine<String> swallowing() {
        say("ready");
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError cancelled) {
            say("swallowed");
        }
        return Coroutine.of("tea");
    }

    private static void catching() {
        try (Runner runner = new Runner()) {
            for (int i = 0; i < 2; i++) {
                try {
                    runner.run(() -> {
                        say("ready");
                        await(Async.sleep(Duration.ofDays(1)));
                        return Coroutine.done();
                    });
                } catch (KeyboardInterrupt interrupt) {
                    say("caught");
                }
            }
            say(runner.run(() -> Coroutine.of("goes on")));
        }
    }

    private static void inAnotherThread() throws InterruptedException {
        Thread thread = new Thread(() -> run(Programs::cleaningUpForEver));
        thread.start();
        thread.join();
    }

    private static Coroutine<String> stoppingWell() {
        EventLoop.current()
                .callSoon(() -> say("ready")); // when the next line waits: before, a signal would end the process
        String first = await(Signals.next("TERM", "INT"));
        say("stops after " + first);
        await(Async.sleep(Duration.ofMillis(1)));
        say("waits to be killed");
        await(Async.sleep(Duration.ofDays(1)));
        return Coroutine.of("not reached");
    }

    private static Coroutine<String> handling() {
        EventLoop loop = EventLoop.current();
        Promise<String> second = loop.createFuture();
        int[] count = {0};
        loop.addSignalHandler("INT", () -> {
            count[0]++;
            say("handled");
            if (count[0] == 2) {
                second.setResult("handled twice");
            }
        });
        say("ready");
        return Coroutine.of(await(second));
    }

    private static void withoutSignals() {
        say(Async.run(() -> {
            try {
                EventLoop.current().addSignalHandler("INT", () -> {});
            } catch (IllegalArgumentException | UnsupportedOperationException refused) {
                return Coroutine.of(refused.getClass().getSimpleName() + ": " + refused.getMessage());
            }
            return Coroutine.of("not refused");
        }));
    }
}
