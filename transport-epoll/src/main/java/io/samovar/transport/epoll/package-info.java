/** The epoll transport, for Linux. */
@NullMarked
package io.samovar.transport.epoll;

import org.jspecify.annotations.NullMarked;
