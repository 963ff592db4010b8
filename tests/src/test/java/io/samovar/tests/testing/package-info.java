/** The module for users' tests: its clock, its network in memory, its JUnit extension. */
@NullMarked
package io.samovar.tests.testing;

import org.jspecify.annotations.NullMarked;
