/** What a loop tells of itself when something is wrong. */
@NullMarked
package io.samovar.tests.watch;

import org.jspecify.annotations.NullMarked;
