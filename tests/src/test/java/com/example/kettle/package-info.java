/** A program outside Samovar's packages, for a debugger that leaves those out. */
@NullMarked
package com.example.kettle;

import org.jspecify.annotations.NullMarked;
