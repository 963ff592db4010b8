package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** What the benchmarks throw, with a stack trace or without. */
private class BenchmarkException(trace: Boolean) : RuntimeException("thrown by a benchmark", null, false, trace)

object KotlinExceptions {
    @JvmStatic
    fun caught(times: Int, frames: Int, suspended: Boolean, trace: Boolean): Int = runBlocking {
        var caught = 0
        repeat(times) {
            try {
                caught += descend(frames, suspended, trace)
            } catch (_: BenchmarkException) {
                caught++
            }
        }
        caught
    }

    private suspend fun descend(frames: Int, suspended: Boolean, trace: Boolean): Int {
        if (frames > 1) {
            return descend(frames - 1, suspended, trace) + 1
        }
        if (suspended) {
            yield()
        }
        throw BenchmarkException(trace)
    }
}
