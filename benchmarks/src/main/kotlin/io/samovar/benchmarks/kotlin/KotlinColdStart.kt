package io.samovar.benchmarks.kotlin

import io.samovar.benchmarks.generated.KotlinCoroutines
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.runBlocking

class KotlinColdStart {
    private val completed = CompletableDeferred(1)

    fun warmUp() {
        KotlinSwitches.runBlocking(1, 2, 2)
        runBlocking { completed.await() }
    }

    fun all(): Long = runBlocking { KotlinCoroutines.all(completed) }
}
