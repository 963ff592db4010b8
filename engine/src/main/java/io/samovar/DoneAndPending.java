package io.samovar;

import java.util.Set;

/**
 * What {@link Async#wait} found when it ended. Each future is in one of the two, and both are in the order in which the futures
 * were given.
 *
 * @param done the futures that are done
 * @param pending the others; they were not cancelled, and go on
 * @param <F> the type of the futures
 */
public record DoneAndPending<F extends Future<?>>(Set<F> done, Set<F> pending) {}
