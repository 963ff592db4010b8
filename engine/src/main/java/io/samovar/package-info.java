/**
 * The event loop, futures, tasks and the coroutine run-time: asyncio for Java.
 *
 * <p>Everything here belongs to the thread of one {@link io.samovar.EventLoop}, except where a method says that any
 * thread may call it. Parameters and results are never {@code null} unless they are marked so.
 */
@NullMarked
package io.samovar;

import org.jspecify.annotations.NullMarked;
