/** The loop, futures, tasks and frames. */
@NullMarked
package io.samovar.tests.core;

import org.jspecify.annotations.NullMarked;
