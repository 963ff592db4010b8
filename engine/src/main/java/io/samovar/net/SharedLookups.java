package io.samovar.net;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Blocking look-ups on some threads, where those with the same key that are wanted at the same time are made once. Any thread may
 * ask.
 *
 * @param <K> what is looked up
 * @param <V> the answer
 */
final class SharedLookups<K, V> {
    /** How to look up. */
    @FunctionalInterface
    interface Blocking<K, V> {
        V lookUp(K key) throws Exception;
    }

    private final Blocking<? super K, ? extends V> blocking;
    private final ThreadPoolExecutor threads;

    /** Look-ups that have not ended and can still be joined. Guarded by this. */
    private final Map<K, Lookup> underWay = new HashMap<>();

    SharedLookups(Blocking<? super K, ? extends V> blocking, ThreadPoolExecutor threads) {
        this.blocking = blocking;
        this.threads = threads;
    }

    /**
     * The answer, or its failure as it is. Cancelling it, which concerns nobody else who asks for the same, abandons the
     * look-up if it has not begun.
     */
    CompletableFuture<V> ask(K key) {
        CompletableFuture<V> answer = new CompletableFuture<>();
        Lookup lookup = join(key, answer);
        CompletableFuture<V> unused = answer.whenComplete((value, failure) -> leave(lookup, answer));
        return answer;
    }

    private synchronized Lookup join(K key, CompletableFuture<V> answer) {
        Lookup lookup = underWay.get(key);
        if (lookup == null) {
            lookup = new Lookup(key);
            threads.execute(lookup);
            underWay.put(key, lookup);
        }
        lookup.waiting.add(answer);
        return lookup;
    }

    private synchronized void leave(Lookup lookup, CompletableFuture<V> answer) {
        lookup.waiting.remove(answer);
        if (lookup.waiting.isEmpty() && !lookup.begun) {
            underWay.remove(lookup.key, lookup);
            threads.remove(lookup);
        }
    }

    /** @return whether anybody wants to know */
    private synchronized boolean begin(Lookup lookup) {
        lookup.begun = true;
        return !lookup.waiting.isEmpty();
    }

    /** @return who waits for the answer */
    private synchronized List<CompletableFuture<V>> end(Lookup lookup) {
        underWay.remove(lookup.key, lookup);
        List<CompletableFuture<V>> waiting = List.copyOf(lookup.waiting);
        lookup.waiting.clear();
        return waiting;
    }

    /** One look-up. Its state is guarded by the enclosing object. */
    private final class Lookup implements Runnable {
        final K key;
        final Set<CompletableFuture<V>> waiting = new LinkedHashSet<>();
        boolean begun;

        Lookup(K key) {
            this.key = key;
        }

        @Override
        public void run() {
            if (!begin(this)) {
                return; // the last one left while a thread was taking it on
            }
            V value = null;
            Throwable failure = null;
            try {
                value = blocking.lookUp(key);
            } catch (Throwable thrown) { // errors of the machine, too: whoever awaits decides
                failure = thrown;
            }
            tell(value, failure);
        }

        private void tell(@Nullable V value, @Nullable Throwable failure) {
            for (CompletableFuture<V> answer : end(this)) {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            }
        }
    }
}
