package io.samovar.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which transport the loop of a test, or of each test of a class, waits with. That of the method counts if both have one.
 *
 * <p>Where nothing is said, a test that asks for a {@link VirtualClock}, a {@link VirtualNetwork} or a {@link StreamPair} runs on
 * virtual time, and any other on the transport that {@link io.samovar.transport.Transports#select()} picks.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface OnTransport {
    /** The name of the loop on virtual time, whose sockets are in memory. */
    String VIRTUAL = "virtual";

    /** {@value #VIRTUAL}, or the name of a real transport such as {@code "nio"}, or {@code "auto"}. */
    String value();
}
