/** Netty's world on the same thread. */
@NullMarked
package io.samovar.tests.netty;

import org.jspecify.annotations.NullMarked;
