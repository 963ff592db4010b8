/** Rewrites class files: methods that await become state machines. Knows the run-time by name only. */
@NullMarked
package io.samovar.compiler.weave;

import org.jspecify.annotations.NullMarked;
