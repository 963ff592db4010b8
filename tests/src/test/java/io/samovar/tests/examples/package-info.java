/** The examples, run as users would. */
@NullMarked
package io.samovar.tests.examples;

import org.jspecify.annotations.NullMarked;
