package io.samovar.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As sd_listen_fds_with_names(3) reads the environment. */
class SystemdSocketsTest {
    private static final long PID = 4711;

    private static List<InheritedSocket> parse(Map<String, String> environment) {
        return SystemdSockets.parse(environment, PID);
    }

    @Test
    void theFirstDescriptorIsThreeAndNamesAreInOrder() {
        assertThat(parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "http:admin")))
                .containsExactly(new InheritedSocket(3, "http"), new InheritedSocket(4, "admin"));
    }

    @Test
    void withoutNamesEachIsUnknown() {
        assertThat(parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "2")))
                .containsExactly(new InheritedSocket(3, "unknown"), new InheritedSocket(4, "unknown"));
    }

    @Test
    void aNameMayBeEmptyAndMayBeUsedTwice() {
        assertThat(parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "3", "LISTEN_FDNAMES", "a::a")))
                .extracting(InheritedSocket::name)
                .containsExactly("a", "", "a");
    }

    @Test
    void whatIsMeantForAnotherProcessIsLeftAlone() {
        assertThat(parse(Map.of("LISTEN_PID", "4712", "LISTEN_FDS", "1"))).isEmpty();
        assertThat(parse(Map.of("LISTEN_FDS", "1"))).isEmpty();
        assertThat(parse(Map.of())).isEmpty();
    }

    @Test
    void noSocketsAreNone() {
        assertThat(parse(Map.of("LISTEN_PID", "4711"))).isEmpty();
        assertThat(parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "0", "LISTEN_FDNAMES", "")))
                .isEmpty();
    }

    @Test
    void nonsenseIsNotTakenForNothing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> parse(Map.of("LISTEN_PID", "me", "LISTEN_FDS", "1")))
                .withMessage("LISTEN_PID is not a number: me");
        assertThatIllegalStateException()
                .isThrownBy(() -> parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "-1")))
                .withMessage("LISTEN_FDS is not a number: -1");
        assertThatIllegalStateException()
                .isThrownBy(() -> parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "2147483647")))
                .withMessage("LISTEN_FDS is too large: 2147483647");
        assertThatIllegalStateException()
                .isThrownBy(() -> parse(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "http")))
                .withMessage("LISTEN_FDNAMES has 1 names for 2 sockets: http");
    }

    @Test
    void aDescriptorIsNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InheritedSocket(-1, "http"));
    }

    @Test
    void thisProcessHasInheritedNone() {
        assertThat(SystemdSockets.listeners("http")).isEmpty();
    }
}
