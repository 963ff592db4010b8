package io.samovar.tests.net;

import io.samovar.tests.support.AvailableTransports;
import io.samovar.transport.TransportProvider;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that runs on each transport with each implementation of TLS; its parameters are the {@link TransportProvider} and the
 * implementation's name.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("transport")
@ParameterizedTest(name = "{0}, {1}")
@MethodSource("io.samovar.tests.net.TlsTest$Combinations#all")
@interface TlsTest {
    /** Where the parameters come from. */
    final class Combinations {
        private Combinations() {}

        static Stream<Arguments> all() {
            return AvailableTransports.all()
                    .flatMap(transport -> TlsFiles.PROVIDERS.stream().map(tls -> Arguments.of(transport, tls)));
        }
    }
}
