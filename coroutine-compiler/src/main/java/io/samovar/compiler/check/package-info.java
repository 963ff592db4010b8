/**
 * What the coroutine compiler says at compile time: {@code await} where no coroutine is, coroutines that nobody runs, calls that
 * would block the loop. {@link io.samovar.compiler.check.Checks} is the way in, {@link io.samovar.compiler.check.Message} the list
 * of all that can be said.
 */
@NullMarked
package io.samovar.compiler.check;

import org.jspecify.annotations.NullMarked;
