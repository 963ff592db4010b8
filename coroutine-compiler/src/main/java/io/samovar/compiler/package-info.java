/** The coroutine compiler as an annotation processor of javac. */
@NullMarked
package io.samovar.compiler;

import org.jspecify.annotations.NullMarked;
