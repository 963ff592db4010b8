/**
 * Netty's codecs over a {@link io.samovar.net.TcpStream}: {@link io.samovar.codec.CodecStream} gives decoded messages to
 * await, and takes messages to encode.
 */
@NullMarked
package io.samovar.codec;

import org.jspecify.annotations.NullMarked;
