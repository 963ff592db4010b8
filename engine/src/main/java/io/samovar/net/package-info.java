/** TCP streams and servers, and the exceptions that say what happened to them. */
@NullMarked
package io.samovar.net;

import org.jspecify.annotations.NullMarked;
