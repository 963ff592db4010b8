/** Runs the kqueue transport on Linux, on the library that the directory kqueue-shim builds. */
@NullMarked
package io.samovar.tests.kqueue;

import org.jspecify.annotations.NullMarked;
