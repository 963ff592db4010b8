package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter shown = new StringWriter();
    private final PrintWriter out = new PrintWriter(shown);

    @Test
    void aLineOfATerminalIsWrittenAgainAndGoesAway() {
        tell(new LiveLine(out, "epoll"));
        assertThat(shown.toString().split("\r\u001b\\[K", -1))
                .containsExactly(
                        "",
                        "epoll: connecting",
                        "epoll: measuring",
                        "epoll: measuring, 1 s, 123,456 messages/s",
                        "epoll: measuring, 2 s, 123,457 messages/s",
                        "");
    }

    @Test
    void elsewhereThereIsADotForEachSecond() {
        tell(new DotLine(out, "epoll"));
        assertThat(shown).hasToString("epoll: connecting, measuring.." + System.lineSeparator());
    }

    private static void tell(LoadListener progress) {
        progress.entered(LoadPhase.CONNECTING);
        progress.entered(LoadPhase.MEASURING);
        progress.second(LoadPhase.MEASURING, 123_456);
        progress.second(LoadPhase.MEASURING, 123_456.7);
        progress.over();
    }
}
