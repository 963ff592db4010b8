/** Locks, events, conditions, semaphores, barriers and queues. */
@NullMarked
package io.samovar.tests.sync;

import org.jspecify.annotations.NullMarked;
