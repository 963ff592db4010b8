/**
 * Echo servers that Samovar's is measured beside, each as those who use it would write it. Each listens on a free port of
 * 127.0.0.1, prints which, and serves until it is ended.
 */
@NullMarked
package io.samovar.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
