/**
 * The contract between the engine and what tells it that a socket is ready: epoll, kqueue, NIO.
 *
 * <p>Programs need this package only to choose a transport or to add one. Readiness is reported once, and again only
 * after an operation has said that it would block; everything runs on the loop thread unless a method says otherwise.
 */
@NullMarked
package io.samovar.transport;

import org.jspecify.annotations.NullMarked;
