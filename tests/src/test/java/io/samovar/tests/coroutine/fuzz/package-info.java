/** Random programs, run as plain Java and as coroutines: both must do the same. */
@NullMarked
package io.samovar.tests.coroutine.fuzz;

import org.jspecify.annotations.NullMarked;
