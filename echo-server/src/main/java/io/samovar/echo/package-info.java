/** The bundled echo server, its load generator, and a demonstration of both on every transport: a command-line program. */
@NullMarked
package io.samovar.echo;

import org.jspecify.annotations.NullMarked;
