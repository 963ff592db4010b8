/** TCP streams and servers on every transport. */
@NullMarked
package io.samovar.tests.net;

import org.jspecify.annotations.NullMarked;
