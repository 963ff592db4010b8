package io.samovar.tests.watch;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.AsyncSequence;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.tests.support.LogCapture;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Programs for {@link DebugPropertiesTest}. */
final class DebugProperties {
    private DebugProperties() {}

    /** Forgets a coroutine, awaits another, and waits until one is reported. */
    static final class ForgottenCoroutine {
        public static void main(String[] args) {
            try (LogCapture log = new LogCapture()) {
                System.out.println("debug: " + Async.run(ForgottenCoroutine::program));
                log.collectUntilLogged("never awaited").getThrown().printStackTrace(System.out);
                log.messages().forEach(System.out::println);
            }
        }

        @SuppressWarnings("unused")
        private static Coroutine<Boolean> program() {
            Coroutine<Void> forgotten = forgotten();
            if (forgotten.hashCode() == 0) {
                System.out.println("so that it is used");
            }
            AsyncSequence<Integer> untouched = AsyncSequence.generate(out -> out.emit(1));
            await(remembered());
            return Coroutine.of(EventLoop.current().isDebug());
        }

        private static Coroutine<Void> forgotten() {
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        }

        private static Coroutine<Void> remembered() {
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        }
    }

    /** Holds a loop up that has the usual time limit, until one with a longer limit of its own has been told of. */
    static final class HeldUp {
        public static void main(String[] args) throws InterruptedException {
            Semaphore told = new Semaphore(0);
            Thread thread = new Thread(() -> {
                try (EventLoop loop = EventLoop.builder()
                        .blockedLoopHandler(blocked -> System.out.println("told of the usual loop"))
                        .open()) {
                    loop.callSoon(told::acquireUninterruptibly);
                    loop.callSoon(loop::stop);
                    loop.runForever();
                }
            });
            thread.start();
            try (EventLoop loop = EventLoop.builder()
                    .blockedAfter(Duration.ofMillis(1_600))
                    .blockedLoopHandler(blocked -> {
                        System.out.println("told of the other loop");
                        told.release(2);
                    })
                    .open()) {
                loop.callSoon(told::acquireUninterruptibly);
                loop.callSoon(loop::stop);
                loop.runForever();
            }
            thread.join();
        }
    }
}
