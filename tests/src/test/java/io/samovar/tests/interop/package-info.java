/** Futures, streams and clients of others beside coroutines, and asynchronous iteration. */
@NullMarked
package io.samovar.tests.interop;

import org.jspecify.annotations.NullMarked;
