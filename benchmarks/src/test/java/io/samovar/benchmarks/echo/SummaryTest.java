package io.samovar.benchmarks.echo;

import static io.samovar.benchmarks.echo.Samples.disturbed;
import static io.samovar.benchmarks.echo.Samples.quiet;
import static io.samovar.benchmarks.echo.Samples.wrong;
import static io.samovar.benchmarks.echo.Scenario.A;
import static io.samovar.benchmarks.echo.Server.C;
import static io.samovar.benchmarks.echo.Server.NETTY_EPOLL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.samovar.benchmarks.echo.Summary.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static Figure cpu(Server server, Sample... samples) {
        return new Summary(List.of(samples)).figure(A, server, Measure.CPU);
    }

    @Test
    void aRatioIsTakenWithinEachRoundBeforeTheMedian() {
        Figure figure = cpu(
                NETTY_EPOLL,
                quiet(C, A, 1, 1, 2),
                quiet(NETTY_EPOLL, A, 1, 1, 3),
                quiet(C, A, 2, 1, 4),
                quiet(NETTY_EPOLL, A, 2, 1, 4.4),
                quiet(C, A, 3, 1, 10),
                quiet(NETTY_EPOLL, A, 3, 1, 12));

        assertThat(figure.value()).isEqualTo(4.4, within(1e-9));
        assertThat(figure.ratio()).isEqualTo(1.2, within(1e-9)); // of 1.5, 1.1 and 1.2; the medians' ratio would be 1.1
        assertThat(figure.disturbed()).isFalse();
    }

    @Test
    void aRoundThatWasDisturbedIsLeftOutOnEitherSide() {
        Figure figure = cpu(
                NETTY_EPOLL,
                quiet(C, A, 1, 1, 2),
                quiet(NETTY_EPOLL, A, 1, 1, 3),
                disturbed(C, A, 2, 1, 2),
                quiet(NETTY_EPOLL, A, 2, 1, 100),
                quiet(C, A, 3, 1, 2),
                disturbed(NETTY_EPOLL, A, 3, 1, 200));

        assertThat(figure.ratio()).isEqualTo(1.5, within(1e-9));
        assertThat(figure.disturbed()).isFalse();
    }

    @Test
    void theAttemptThatNobodyDisturbedStandsForItsRound() {
        Figure figure = cpu(
                NETTY_EPOLL,
                disturbed(C, A, 1, 1, 50),
                quiet(C, A, 1, 2, 2),
                disturbed(NETTY_EPOLL, A, 1, 1, 60),
                quiet(NETTY_EPOLL, A, 1, 2, 3));

        assertThat(figure.value()).isEqualTo(3, within(1e-9));
        assertThat(figure.ratio()).isEqualTo(1.5, within(1e-9));
    }

    @Test
    void whatWasNeverUndisturbedCountsAndIsMarked() {
        Figure figure = cpu(NETTY_EPOLL, quiet(C, A, 1, 1, 2), disturbed(NETTY_EPOLL, A, 1, 1, 3));

        assertThat(figure.ratio()).isEqualTo(1.5, within(1e-9));
        assertThat(figure.disturbed()).isTrue();
    }

    @Test
    void aWindowWithAWrongAnswerCountsForNothing() {
        Figure figure = cpu(NETTY_EPOLL, quiet(C, A, 1, 1, 2), wrong(NETTY_EPOLL, A, 1, 3));

        assertThat(figure.value()).isNaN();
        assertThat(figure.ratio()).isNaN();
    }

    @Test
    void roundsAreCountedWithThoseThatWereLeftOut() {
        Summary summary = new Summary(List.of(quiet(C, A, 1, 1, 2), disturbed(C, A, 2, 1, 2), quiet(C, A, 3, 1, 2)));

        assertThat(summary.rounds(A, C)).isEqualTo("2 of 3");
        assertThat(summary.disturbed()).isEqualTo(1);
    }
}
