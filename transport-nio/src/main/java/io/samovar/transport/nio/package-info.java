/** The portable transport, for every system that has a JDK. */
@NullMarked
package io.samovar.transport.nio;

import org.jspecify.annotations.NullMarked;
