package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

object KotlinFutures {
    @JvmStatic
    fun all(tasks: Int, rounds: Int): Long = runBlocking {
        val slots = arrayOfNulls<CompletableDeferred<Int>>(tasks)
        val waiting = List(tasks) { async { waiter(slots, it, rounds) } }
        repeat(rounds) {
            yield()
            for (i in 0 until tasks) {
                slots[i]?.complete(i)
            }
        }
        waiting.awaitAll().sum()
    }

    private suspend fun waiter(slots: Array<CompletableDeferred<Int>?>, slot: Int, rounds: Int): Long {
        var sum = 0L
        repeat(rounds) {
            val deferred = CompletableDeferred<Int>()
            slots[slot] = deferred
            sum += deferred.await()
        }
        slots[slot] = null
        return sum
    }
}
