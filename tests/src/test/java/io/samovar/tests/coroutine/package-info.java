/** Coroutines as users write them, compiled by the coroutine compiler. */
@NullMarked
package io.samovar.tests.coroutine;

import org.jspecify.annotations.NullMarked;
