/** What the tests share. */
@NullMarked
package io.samovar.tests.support;

import org.jspecify.annotations.NullMarked;
