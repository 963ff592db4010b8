/** What the generated programs call. */
@NullMarked
package io.samovar.tests.coroutine.fuzz.support;

import org.jspecify.annotations.NullMarked;
