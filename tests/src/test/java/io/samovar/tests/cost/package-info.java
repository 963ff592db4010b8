/** What a message costs, counted and not timed: bytes of the heap, system calls. */
@NullMarked
package io.samovar.tests.cost;

import org.jspecify.annotations.NullMarked;
