package io.samovar.benchmarks.kotlin

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

private const val OUTER = 500
private const val SUSPENDS_ONCE_IN = 64
private const val SIDE = 32
private const val RARE = 10

object KotlinCompute {
    @JvmStatic
    fun of(shape: String, ints: IntArray, doubles: DoubleArray, written: IntArray): Long = runBlocking {
        when (shape) {
            "sum" -> sum(ints)
            "hash" -> hash(ints)
            "doubles" -> doubles(doubles)
            "branch" -> branch(ints)
            "writes" -> writes(ints, written)
            "around" -> around(ints)
            "forever" -> forever(ints)
            else -> inTry(ints)
        }
    }

    private suspend fun child(o: Int): Int {
        if (o % SUSPENDS_ONCE_IN == 0) {
            yield()
        }
        return o and 63
    }

    private suspend fun sum(ints: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            var s = 0
            for (i in ints.indices) {
                s += ints[i] * o
            }
            total += s + child(o)
        }
        return total
    }

    private suspend fun hash(ints: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            var s = o.toLong()
            for (i in ints.indices) {
                s = s * 31 + ints[i]
            }
            total += s + child(o)
        }
        return total
    }

    private suspend fun doubles(doubles: DoubleArray): Long {
        var total = 0.0
        for (o in 0 until OUTER) {
            var s = o.toDouble()
            for (i in 0 until SIDE) {
                for (j in 0 until SIDE) {
                    s += doubles[i * SIDE + j] * doubles[j * SIDE + i]
                }
            }
            total += s + child(o)
        }
        return total.toLong()
    }

    private suspend fun branch(ints: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            var s = 0L
            for (i in ints.indices) {
                if (ints[i] > RARE) {
                    s += ints[i] / 7
                } else {
                    s = s xor (ints[i] + o).toLong()
                }
            }
            total += s + child(o)
        }
        return total
    }

    private suspend fun writes(ints: IntArray, written: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            for (i in ints.indices) {
                written[i] += ints[i] * o
            }
            total += written[o] + child(o)
        }
        return total
    }

    private suspend fun around(ints: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            var before = o.toLong()
            for (i in 0 until ints.size / 2) {
                before = before * 31 + ints[i]
            }
            var after = before + child(o)
            for (i in ints.size / 2 until ints.size) {
                after = after * 17 + ints[i]
            }
            total += after
        }
        return total
    }

    private suspend fun forever(ints: IntArray): Long {
        var total = 0L
        var o = 0
        while (true) {
            var s = o.toLong()
            for (i in ints.indices) {
                s = s * 31 + ints[i]
            }
            total += s + child(o)
            if (++o == OUTER) {
                return total
            }
        }
    }

    private suspend fun inTry(ints: IntArray): Long {
        var total = 0L
        for (o in 0 until OUTER) {
            try {
                var s = o.toLong()
                for (i in ints.indices) {
                    s = s * 31 + ints[i]
                }
                total += s + child(o)
            } catch (_: IllegalStateException) {
                total--
            } finally {
                total++
            }
        }
        return total
    }
}
