package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.yield

object KotlinSwitches {
    @JvmStatic
    fun runBlocking(tasks: Int, depth: Int, times: Int): Int =
        kotlinx.coroutines.runBlocking { all(tasks, depth, times) }

    @JvmStatic
    fun plainDispatcher(tasks: Int, depth: Int, times: Int): Int =
        PlainDispatcher().run { all(tasks, depth, times) }

    private suspend fun CoroutineScope.all(tasks: Int, depth: Int, times: Int): Int =
        List(tasks) { async { descend(depth, times) } }.awaitAll().sum()

    private suspend fun descend(depth: Int, times: Int): Int {
        if (depth > 1) {
            return descend(depth - 1, times) + 1
        }
        repeat(times) { yield() }
        return 1
    }
}
