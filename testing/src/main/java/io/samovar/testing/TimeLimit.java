package io.samovar.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How much real time a test's coroutine, or each of a class, may take; 10 seconds where nothing is said, unless JUnit's
 * configuration parameter {@value SamovarExtension#TIME_LIMIT} says something else. That of the method counts if both have one.
 *
 * <p>JUnit's own {@code @Timeout} interrupts the thread, which a loop that waits does not hear, and with {@code SEPARATE_THREAD}
 * runs the test on another thread than the one its loop belongs to. This one ends the coroutine and tells where every task of
 * the loop stands. It does nothing under a debugger.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface TimeLimit {
    /** Seconds of real time. */
    double seconds();
}
