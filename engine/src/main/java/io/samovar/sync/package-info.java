/**
 * What coroutines of one loop use to wait for each other: locks, events, conditions, semaphores, barriers and queues.
 *
 * <p>These are not the classes of {@code java.util.concurrent} with the same names: nothing here blocks a thread, and nothing is
 * safe to use from several threads. Each belongs to the loop on which a task first had to wait for it. Waiting is first come,
 * first served, and a task that is cancelled while it waits loses nothing: what it was woken for goes to the next.
 *
 * <p>Every method that may have to wait returns a {@link io.samovar.Coroutine}, which does nothing before it is awaited, and does
 * not let others run if it need not wait. asyncio: its synchronisation primitives and queues.
 */
@NullMarked
package io.samovar.sync;

import org.jspecify.annotations.NullMarked;
