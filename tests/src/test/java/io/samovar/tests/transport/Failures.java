package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.transport.Errno;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What failures must look like. */
final class Failures {
    private Failures() {}

    /**
     * It fails with exactly this type and with the number of this error; the message says what was tried, and how the
     * system calls the error.
     */
    static void assertFails(
            ThrowingCallable operation, Class<? extends NetworkException> type, Errno errno, String doing) {
        assertThatThrownBy(operation)
                .isExactlyInstanceOf(type)
                .hasMessageStartingWith(doing + ": ")
                .hasMessageEndingWith(" (" + errno + ")")
                .extracting(failure -> ((NetworkException) failure).errno())
                .isEqualTo(errno.number(Loopback.BSD));
    }

    /** It fails because the socket is closed, and the message says what was tried. */
    static void assertClosed(String doing, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .as(doing)
                .isExactlyInstanceOf(StreamClosedException.class)
                .hasMessageStartingWith(doing)
                .hasMessageEndingWith(": the socket is closed");
    }
}
