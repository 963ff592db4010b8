/** Netty's codecs over a stream. */
@NullMarked
package io.samovar.tests.codec;

import org.jspecify.annotations.NullMarked;
