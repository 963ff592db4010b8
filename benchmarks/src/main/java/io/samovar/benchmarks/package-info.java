/** What coroutines cost, measured beside Kotlin's coroutines, virtual threads and plain Java. */
@NullMarked
package io.samovar.benchmarks;

import org.jspecify.annotations.NullMarked;
