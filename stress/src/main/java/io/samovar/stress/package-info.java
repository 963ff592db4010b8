/** Races between two threads and a loop, each a jcstress test. */
@NullMarked
package io.samovar.stress;

import org.jspecify.annotations.NullMarked;
