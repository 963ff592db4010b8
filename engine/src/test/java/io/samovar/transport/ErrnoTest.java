package io.samovar.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.net.AccessDeniedException;
import io.samovar.net.ConnectionTimedOutException;
import io.samovar.net.NetworkException;
import io.samovar.net.UnreachableException;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors that no test can have from a real system at will are at least translated well. */
class ErrnoTest {
    @ParameterizedTest
    @EnumSource
    void anErrorIsFoundByItsNumberAndByItsText(Errno errno) {
        for (boolean onBsd : new boolean[] {false, true}) {
            assertThat(Errno.of(errno.number(onBsd), onBsd)).isSameAs(errno);
            IOException cause = new IOException();
            NetworkException exception = errno.exception("connect to the moon", onBsd, cause);
            assertThat(exception.errno()).isEqualTo(errno.number(onBsd));
            assertThat(exception).hasCause(cause).hasMessageEndingWith(" (" + errno + ")");
            assertThat(Errno.ofMessage(exception.getMessage().toUpperCase(Locale.ROOT)))
                    .isSameAs(errno);
        }
    }

    @Test
    void theTypeSaysWhatHappened() {
        IOException cause = new IOException();
        assertThat(Errno.ETIMEDOUT.exception("read", false, cause))
                .isExactlyInstanceOf(ConnectionTimedOutException.class)
                .hasMessage("read: connection timed out (ETIMEDOUT)");
        assertThat(Errno.EHOSTUNREACH.exception("read", false, cause)).isExactlyInstanceOf(UnreachableException.class);
        assertThat(Errno.ENETUNREACH.exception("read", false, cause)).isExactlyInstanceOf(UnreachableException.class);
        assertThat(Errno.EACCES.exception("listen on port 1", false, cause))
                .isExactlyInstanceOf(AccessDeniedException.class)
                .hasMessage("listen on port 1: permission denied (EACCES)");
        assertThat(Errno.EPERM.exception("listen", false, cause)).isExactlyInstanceOf(AccessDeniedException.class);
    }

    @Test
    void anErrorWithoutATypeOfItsOwnIsNotFound() {
        assertThat(Errno.of(0, false)).isNull();
        assertThat(Errno.of(7, true)).isNull();
        assertThat(Errno.ofMessage(null)).isNull();
        assertThat(Errno.ofMessage("no samovar on the table")).isNull();
    }

    @Test
    void macOsSaysItInItsOwnWords() {
        assertThat(Errno.ofMessage("Can't assign requested address")).isSameAs(Errno.EADDRNOTAVAIL);
    }
}
