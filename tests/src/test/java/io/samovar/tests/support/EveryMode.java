package io.samovar.tests.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test class that runs once in each {@link Mode}, which is the parameter of its constructor: {@code VirtualLoop(mode)}
 * opens a loop for it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("transport")
@ParameterizedClass(name = "{0}")
@MethodSource("io.samovar.tests.support.Mode#all")
public @interface EveryMode {}
