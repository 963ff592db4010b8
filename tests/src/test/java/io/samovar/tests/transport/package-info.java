/** The transports' contract, as claims that each of them must keep. */
@NullMarked
package io.samovar.tests.transport;

import org.jspecify.annotations.NullMarked;
