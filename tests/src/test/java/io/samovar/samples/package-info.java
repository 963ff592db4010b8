/** Programs as users write them; the documentation shows these files. */
@NullMarked
package io.samovar.samples;

import org.jspecify.annotations.NullMarked;
