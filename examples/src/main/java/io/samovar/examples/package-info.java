/** Small programs to copy from; each has a {@code main}. */
@NullMarked
package io.samovar.examples;

import org.jspecify.annotations.NullMarked;
