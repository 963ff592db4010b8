package io.samovar.tests.running;

import io.samovar.EventLoop;
import io.samovar.ExceptionHandler;
import io.samovar.transport.TransportProvider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A loop that runs in a thread of its own while a test talks to it. */
final class LoopInThread {
    private LoopInThread() {}

    /** What a test does. */
    interface Talk {
        void with(EventLoop loop) throws Exception;
    }

    static void withLoop(TransportProvider provider, Talk talk) throws Exception {
        withLoop(provider, ExceptionHandler.LOGGING, talk);
    }

    static void withLoop(TransportProvider provider, ExceptionHandler handler, Talk talk) throws Exception {
        CompletableFuture<EventLoop> opened = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (EventLoop loop = EventLoop.builder()
                    .transport(provider)
                    .exceptionHandler(handler)
                    .open()) {
                loop.callSoon(() -> opened.complete(loop));
                loop.runForever();
            } catch (Throwable failure) {
                opened.completeExceptionally(failure);
            }
        });
        thread.start();
        EventLoop loop = opened.get(10, TimeUnit.SECONDS);
        try {
            talk.with(loop);
        } finally {
            loop.execute(loop::stop);
            thread.join();
        }
    }
}
