/** The loop driver over Netty's {@code ManualIoEventLoop}, and non-blocking sockets over Netty's native ones. */
@NullMarked
package io.samovar.transport.netty;

import org.jspecify.annotations.NullMarked;
