package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

object KotlinMemory {
    @JvmStatic
    fun suspendMany(tasks: Int, depth: Int, batch: Int, whenAllWait: Runnable) = runBlocking {
        for (i in 0 until tasks) {
            async { waitFor(depth, CompletableDeferred()) }
            if (i % batch == batch - 1) {
                yield()
            }
        }
        yield()
        whenAllWait.run()
        coroutineContext.cancelChildren()
    }

    private suspend fun waitFor(depth: Int, future: Deferred<Int>): Int =
        (if (depth > 1) waitFor(depth - 1, future) else future.await()) + depth
}
