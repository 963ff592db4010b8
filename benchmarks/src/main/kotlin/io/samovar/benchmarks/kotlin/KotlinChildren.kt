package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

object KotlinChildren {
    @JvmStatic
    fun sum(calls: Int, mask: Int, hit: Int): Long = runBlocking {
        var sum = 0L
        for (i in 0 until calls) {
            sum += child(i, mask, hit)
        }
        sum
    }

    @JvmStatic
    fun sumFinished(calls: Int): Long = runBlocking {
        var sum = 0L
        for (i in 0 until calls) {
            sum += finished(i)
        }
        sum
    }

    @JvmStatic
    fun sumOfInterface(calls: Int): Long = runBlocking {
        val steps = arrayOf(Add(), Subtract(), Xor(), Or())
        var sum = 0L
        for (i in 0 until calls) {
            sum += steps[i and 3].step(i)
        }
        sum
    }

    @JvmStatic
    fun fib25(): Int = runBlocking { fib(25) }

    private suspend fun child(i: Int, mask: Int, hit: Int): Int {
        if (i and mask == hit) {
            yield()
        }
        return i and 63
    }

    @Suppress("RedundantSuspendModifier") // that is what is measured
    private suspend fun finished(i: Int): Int = i and 63

    private suspend fun fib(n: Int): Int = if (n < 2) n else fib(n - 1) + fib(n - 2)

    private interface Step {
        suspend fun step(i: Int): Int
    }

    private class Add : Step {
        override suspend fun step(i: Int): Int {
            if (i and 1023 == 1023) {
                yield()
            }
            return (i + 1) and 63
        }
    }

    private class Subtract : Step {
        override suspend fun step(i: Int): Int {
            if (i and 1023 == 1023) {
                yield()
            }
            return (i - 1) and 63
        }
    }

    private class Xor : Step {
        override suspend fun step(i: Int): Int {
            if (i and 1023 == 1023) {
                yield()
            }
            return (i xor 21) and 63
        }
    }

    private class Or : Step {
        override suspend fun step(i: Int): Int {
            if (i and 1023 == 1023) {
                yield()
            }
            return (i or 21) and 63
        }
    }
}
