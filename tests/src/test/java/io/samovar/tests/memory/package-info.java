/** Exact counts of what things cost. */
@NullMarked
package io.samovar.tests.memory;

import org.jspecify.annotations.NullMarked;
