/** How a program begins and ends, other threads, and signals. */
@NullMarked
package io.samovar.tests.running;

import org.jspecify.annotations.NullMarked;
