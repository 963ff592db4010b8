package io.samovar.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportsTest {
    private static final Fake FAST = new Fake("fast", null);
    private static final Fake SLOW = new Fake("slow", null);
    private static final Fake BROKEN = new Fake("broken", new IllegalStateException("its library is rusty"));
    private static final Fake MUTE = new Fake("mute", new IllegalStateException());

    private final Logger logger = Logger.getLogger("io.samovar.transport");
    private final List<String> lines = new ArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void record() {
        Transports.select("slow", List.of(new Fake("slow", null))); // so that what follows is not said already
        logger.setUseParentHandlers(false);
        logger.addHandler(recorder);
    }

    @AfterEach
    void stopRecording() {
        logger.removeHandler(recorder);
        logger.setUseParentHandlers(true);
    }

    @Test
    void autoPicksTheBestThatCanBeUsed() {
        assertThat(Transports.select("auto", List.of(FAST, SLOW))).isSameAs(FAST);
        assertThat(lines).containsExactly("using transport fast");
    }

    @Test
    void aProviderWithAMissingPartIsPassedOverLikeOneThatRefuses() {
        TransportProvider incomplete = new TransportProvider() {
            @Override
            public String name() {
                return "incomplete";
            }

            @Override
            public int priority() {
                return 1;
            }

            @Override
            public @Nullable Throwable unavailabilityCause() {
                throw new NoClassDefFoundError("io/netty/channel/epoll/Epoll");
            }

            @Override
            public Transport open(TransportContext context) {
                throw new AssertionError("it cannot be used");
            }
        };
        assertThat(Transports.select("auto", List.of(incomplete, SLOW))).isSameAs(SLOW);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("using transport slow (not incomplete: it is not complete:")
                .contains("io/netty/channel/epoll/Epoll");
        assertThatThrownBy(() -> Transports.select("incomplete", List.of(incomplete, SLOW)))
                .isInstanceOf(TransportUnavailableException.class)
                .hasMessageContaining("io/netty/channel/epoll/Epoll");
    }

    @Test
    void theLineSaysWhyEachBetterOneWasRefused() {
        assertThat(Transports.select("auto", List.of(BROKEN, MUTE, SLOW, FAST))).isSameAs(SLOW);
        assertThat(lines)
                .containsExactly("using transport slow (not broken: its library is rusty; not mute: "
                        + "java.lang.IllegalStateException)");
    }

    @Test
    void aNameIsTakenWhateverItsCaseAndTheSpaceAroundIt() {
        assertThat(Transports.select(" Slow ", List.of(FAST, SLOW))).isSameAs(SLOW);
        assertThat(Transports.select(" AUTO", List.of(FAST, SLOW))).isSameAs(FAST);
        assertThat(Transports.select("", List.of(FAST, SLOW))).isSameAs(FAST);
    }

    @Test
    void aTransportThatIsAskedForByNameIsPickedThoughAnotherIsBetter() {
        assertThat(Transports.select("fast", List.of(FAST, SLOW))).isSameAs(FAST);
        assertThat(Transports.select("slow", List.of(FAST, SLOW))).isSameAs(SLOW);
        assertThat(lines)
                .containsExactly(
                        "using transport fast (asked for by name)", "using transport slow (asked for by name)");
    }

    @Test
    void aTransportThatIsAskedForAndCannotBeUsedIsAnErrorAndNoFallback() {
        assertThatThrownBy(() -> Transports.select("broken", List.of(FAST, BROKEN)))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("transport broken was asked for and cannot be used: its library is rusty")
                .cause()
                .isSameAs(BROKEN.cause);
        assertThat(lines).isEmpty();
    }

    @Test
    void anUnknownNameListsTheValidOnes() {
        assertThatThrownBy(() -> Transports.select("steam", List.of(FAST, BROKEN)))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("unknown transport \"steam\": -Dsamovar.transport must be auto or one of fast, broken");
    }

    @Test
    void aKnownTransportThatIsNotOnTheClassPathIsNamedWithItsArtifact() {
        assertThatThrownBy(() -> Transports.select("kqueue", List.of(FAST)))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("unknown transport \"kqueue\": -Dsamovar.transport must be auto or one of fast;"
                        + " add io.samovar:samovar-transport-kqueue");
    }

    @Test
    void noTransportThatCanBeUsedIsAnErrorWithEveryReason() {
        assertThatThrownBy(() -> Transports.select("auto", List.of(BROKEN, MUTE)))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("no transport can be used here: not broken: its library is rusty; not mute:"
                        + " java.lang.IllegalStateException; add io.samovar:samovar-transport-nio, which works"
                        + " everywhere")
                .cause()
                .isSameAs(BROKEN.cause);
    }

    @Test
    void noTransportAtAllIsAnErrorThatNamesTheArtifacts() {
        for (String wanted : List.of("auto", "epoll")) {
            assertThatThrownBy(() -> Transports.select(wanted, List.of()))
                    .isExactlyInstanceOf(TransportUnavailableException.class)
                    .hasMessage("no transport is on the class path: add io.samovar:samovar-transport-epoll,"
                            + " io.samovar:samovar-transport-kqueue or io.samovar:samovar-transport-nio");
        }
        assertThat(Transports.installed()).as("on this module's own class path").isEmpty();
        assertThatThrownBy(Transports::select).isInstanceOf(TransportUnavailableException.class);
    }

    @Test
    void theSameChoiceIsSaidOnce() {
        for (int loop = 0; loop < 3; loop++) {
            Transports.select("auto", List.of(BROKEN, FAST));
        }
        assertThat(lines).containsExactly("using transport fast (not broken: its library is rusty)");
    }

    /** A provider that can be used if it has no cause. */
    private record Fake(String name, @Nullable Throwable cause) implements TransportProvider {
        @Override
        public int priority() {
            return 0;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return cause;
        }

        @Override
        public Transport open(TransportContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
