/** The kqueue transport, for macOS and the BSDs. */
@NullMarked
package io.samovar.transport.kqueue;

import org.jspecify.annotations.NullMarked;
