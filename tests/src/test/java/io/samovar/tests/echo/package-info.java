/** The echo server as a user starts it, on every transport. */
@NullMarked
package io.samovar.tests.echo;

import org.jspecify.annotations.NullMarked;
