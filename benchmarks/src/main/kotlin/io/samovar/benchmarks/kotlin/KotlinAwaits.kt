package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.runBlocking

class KotlinAwaits(private val count: Int) {
    private val completed: List<Deferred<Int>> = List(count) { CompletableDeferred(it and 63) }

    fun sum(times: Int): Long = runBlocking { sum(completed, times) }

    private suspend fun sum(futures: List<Deferred<Int>>, times: Int): Long {
        var sum = 0L
        for (i in 0 until times) {
            sum += futures[i and (count - 1)].await()
        }
        return sum
    }
}
