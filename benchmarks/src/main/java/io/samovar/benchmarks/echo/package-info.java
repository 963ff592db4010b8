/** Samovar's echo server beside others: the same load for all, in turn, each in a process of its own on a core of its own. */
@NullMarked
package io.samovar.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
