package io.samovar.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves checks out at the end of a test, or of each test of a class. That of the method counts if both have one.
 *
 * <pre>{@code
 * @Test
 * @SkipChecks(Check.LEAKED_TASKS)
 * void abandonsItsWorkers() { ... }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface SkipChecks {
    /** The checks to leave out. */
    Check[] value();
}
