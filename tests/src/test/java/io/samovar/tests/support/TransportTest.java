package io.samovar.tests.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that runs once on each transport that is available in this JVM, and once more on kqueue in a JVM of its own; its
 * first parameter is the {@link io.samovar.transport.TransportProvider}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("transport")
@ParameterizedTest(name = "{0}")
@MethodSource("io.samovar.tests.support.AvailableTransports#all")
public @interface TransportTest {}
