/** The coroutine compiler as a Java agent. */
@NullMarked
package io.samovar.compiler.agent;

import org.jspecify.annotations.NullMarked;
