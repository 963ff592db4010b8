package io.samovar.benchmarks.kotlin

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.async

/** A queue that one thread drains: the least that a dispatcher can do. */
internal class PlainDispatcher : CoroutineDispatcher() {
    private val queue = ArrayDeque<Runnable>()

    override fun dispatch(context: CoroutineContext, block: Runnable) = queue.addLast(block)

    @OptIn(ExperimentalCoroutinesApi::class)
    fun <T> run(block: suspend CoroutineScope.() -> T): T {
        val result = CoroutineScope(this).async(block = block)
        while (!result.isCompleted) {
            queue.removeFirst().run()
        }
        return result.getCompleted()
    }
}
