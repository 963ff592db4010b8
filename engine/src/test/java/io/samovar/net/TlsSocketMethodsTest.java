package io.samovar.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.transport.StreamSocket;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a socket with TLS leaves to the socket below is named here, so that no byte passes it by unencrypted. */
class TlsSocketMethodsTest {
    private static final Set<String> LEFT_TO_THE_SOCKET_BELOW =
            Set.of("localAddress", "remoteAddress", "setOption", "getOption");

    @Test
    void everythingButAddressesAndOptionsIsDoneByTlsItself() {
        Set<String> own = Arrays.stream(TlsSocket.class.getDeclaredMethods())
                .map(TlsSocketMethodsTest::signature)
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(StreamSocket.class.getMethods())
                        .filter(method -> !LEFT_TO_THE_SOCKET_BELOW.contains(method.getName()))
                        .map(TlsSocketMethodsTest::signature))
                .isNotEmpty()
                .allMatch(own::contains);
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
