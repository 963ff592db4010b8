/** A loop on virtual time, for tests that do not wait. */
@NullMarked
package io.samovar.testing;

import org.jspecify.annotations.NullMarked;
