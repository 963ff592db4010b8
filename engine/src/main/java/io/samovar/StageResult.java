package io.samovar;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The result of a {@code CompletionStage}. */
final class StageResult<T extends @Nullable Object> extends ForeignFuture<T> {
    private final CompletableFuture<T> future;

    StageResult(CompletionStage<T> stage) {
        future = asFuture(Objects.requireNonNull(stage, "stage"));
    }

    private static <T extends @Nullable Object> CompletableFuture<T> asFuture(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture();
        } catch (UnsupportedOperationException refused) { // which its contract allows
            CompletableFuture<T> future = new CompletableFuture<>();
            CompletionStage<T> unused = stage.whenComplete((value, failure) -> {
                if (failure == null) {
                    future.complete(value);
                } else {
                    future.completeExceptionally(failure);
                }
            });
            return future;
        }
    }

    @Override
    boolean isDone() {
        return future.isDone();
    }

    /** Asks for the failure itself: {@code join} of newer JDKs puts a cancellation of its own around one. */
    @Override
    T get() throws Throwable {
        if (future.isCompletedExceptionally()) {
            throw future.handle((value, failure) -> failure).join();
        }
        return future.join();
    }

    /** With an interrupt, which for most means nothing; the JDK's {@code HttpClient} aborts its request for it. */
    @Override
    void cancel() {
        future.cancel(true);
    }

    @Override
    void onDone(Runnable callback) {
        CompletableFuture<T> unused = future.whenComplete((value, failure) -> callback.run());
    }
}
