package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.ContextVar;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.LoopFailure;
import io.samovar.NotLoopThreadException;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done at the end of an iteration, before the loop looks for events again. */
@Timeout(30)
@EveryMode
class BeforePollTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final VirtualClock clock;
    private final List<LoopFailure> failures;
    private final List<String> log = new ArrayList<>();

    BeforePollTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        clock = virtual.clock();
        failures = virtual.failures();
    }

    private Runnable note(String what) {
        return () -> log.add(what);
    }

    /** One iteration, which {@code callback} is called in. */
    private void turn(Runnable callback) {
        loop.callSoon(callback);
        virtual.turn();
    }

    @Test
    void actionsRunInTheirOrderWhenAllThatWasReadyHasRun() {
        loop.callSoon(() -> {
            loop.callBeforePoll(note("first"));
            loop.callBeforePoll(note("second"));
            loop.callSoon(note("next iteration"));
        });
        loop.callSoon(note("ready"));
        virtual.turn();
        assertThat(log).containsExactly("ready", "first", "second");
        virtual.turn();
        assertThat(log).containsExactly("ready", "first", "second", "next iteration");
    }

    @Test
    void anActionIsCalledOnceForEachTimeItWasAskedFor() {
        Runnable action = note("called");
        turn(() -> {
            loop.callBeforePoll(action);
            loop.callBeforePoll(action);
        });
        virtual.turn();
        assertThat(log).containsExactly("called", "called");
    }

    @Test
    void anActionThatFailsIsReportedAndTheOthersRun() {
        Exception boom = new IllegalStateException("boom");
        Runnable failing = () -> {
            throw new IllegalStateException(boom);
        };
        turn(() -> {
            loop.callBeforePoll(note("before"));
            loop.callBeforePoll(failing);
            loop.callBeforePoll(note("after"));
        });
        assertThat(log).containsExactly("before", "after");
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.message()).contains("before the poll");
            assertThat(reported.exception()).hasCause(boom);
            assertThat(reported.source()).isSameAs(failing);
        });
    }

    @Test
    void anErrorOfTheMachineLeavesTheOtherActionsForALoopThatGoesOn() {
        assertThatThrownBy(() -> turn(() -> {
                    loop.callBeforePoll(() -> {
                        throw new InternalError("the machine is broken");
                    });
                    loop.callBeforePoll(note("after"));
                }))
                .isInstanceOf(InternalError.class);
        assertThat(log).isEmpty();
        virtual.turn();
        assertThat(log).containsExactly("after");
        assertThat(failures).isEmpty();
    }

    @Test
    void whatIsAddedMeanwhileWaitsForTheNextIteration() {
        turn(() -> {
            loop.callBeforePoll(() -> {
                log.add("first");
                loop.callBeforePoll(note("meanwhile"));
            });
            loop.callBeforePoll(note("second"));
        });
        assertThat(log).containsExactly("first", "second");
        virtual.turn();
        assertThat(log).containsExactly("first", "second", "meanwhile");
    }

    @Test
    void theLoopDoesNotSleepBeforeWhatWasAddedMeanwhile() {
        loop.callLater(Duration.ofHours(1), loop::stop);
        loop.callSoon(() -> loop.callBeforePoll(again(5)));
        loop.runForever();
        assertThat(log).hasSize(5).containsOnly("at 0 s");
    }

    /** Adds itself until it has run so many times. */
    private Runnable again(int times) {
        return () -> {
            log.add("at " + clock.elapsed().toSeconds() + " s");
            if (times > 1) {
                loop.callBeforePoll(again(times - 1));
            }
        };
    }

    @Test
    void nothingIsLostWhenManyAddMany() {
        List<String> expected = new ArrayList<>();
        turn(() -> {
            for (int i = 0; i < 1_000; i++) {
                String name = "action " + i;
                loop.callBeforePoll(() -> {
                    log.add(name);
                    loop.callBeforePoll(note("one of " + name));
                    loop.callBeforePoll(note("another of " + name));
                });
                expected.add(name);
            }
        });
        assertThat(log).isEqualTo(expected);
        for (String name : List.copyOf(expected)) {
            expected.add("one of " + name);
            expected.add("another of " + name);
        }
        virtual.turn();
        assertThat(log).isEqualTo(expected);
    }

    @Test
    void onlyTheLastOneIsTakenBack() {
        Runnable first = note("first");
        Runnable second = note("second");
        turn(() -> {
            assertThat(loop.cancelBeforePoll(first)).isFalse();
            loop.callBeforePoll(first);
            loop.callBeforePoll(second);
            assertThat(loop.cancelBeforePoll(first)).isFalse();
            assertThat(loop.cancelBeforePoll(second)).isTrue();
            assertThat(loop.cancelBeforePoll(second)).isFalse();
        });
        assertThat(failures).isEmpty();
        assertThat(log).containsExactly("first");
        assertThat(loop.cancelBeforePoll(first)).as("it has run").isFalse();
    }

    @Test
    void anActionMayTakeBackTheOneBehindIt() {
        Runnable last = note("last");
        turn(() -> {
            loop.callBeforePoll(() -> {
                log.add("taken back: " + loop.cancelBeforePoll(last));
                loop.callBeforePoll(note("meanwhile"));
            });
            loop.callBeforePoll(last);
        });
        assertThat(log).containsExactly("taken back: true");
        virtual.turn();
        assertThat(log).containsExactly("taken back: true", "meanwhile");
    }

    @Test
    void whatIsAddedWhileTheLoopStandsEndsItsFirstIteration() {
        loop.callBeforePoll(() -> log.add("action at " + clock.elapsed().toSeconds() + " s"));
        loop.callSoon(note("ready"));
        loop.callLater(Duration.ofHours(1), loop::stop);
        assertThat(log).isEmpty();
        loop.runForever();
        assertThat(log).containsExactly("ready", "action at 0 s");
    }

    @Test
    void theLoopDoesNotSleepBeforeWhatWasAddedWhileItStood() {
        loop.callBeforePoll(() -> log.add("at " + clock.elapsed().toSeconds() + " s"));
        loop.callLater(Duration.ofHours(1), loop::stop);
        loop.runForever();
        assertThat(log).containsExactly("at 0 s");
    }

    @Test
    void actionsSeeNoContext() {
        ContextVar<String> user = ContextVar.of("user", "nobody");
        loop.callSoon(() -> {
            user.set("somebody");
            loop.callBeforePoll(() -> log.add(user.get()));
            log.add(user.get());
        });
        virtual.turn();
        assertThat(log).containsExactly("somebody", "nobody");
    }

    @Test
    void anotherThreadIsRefused() {
        virtual.turn();
        List<ThrowingCallable> calls =
                List.of(() -> loop.callBeforePoll(note("never")), () -> loop.cancelBeforePoll(note("never")));
        for (ThrowingCallable call : calls) {
            assertThat(CompletableFuture.supplyAsync(() -> catchThrowable(call)).join())
                    .isInstanceOf(NotLoopThreadException.class);
        }
        virtual.turn();
        assertThat(log).isEmpty();
    }

    @Test
    void aClosedLoopForgetsItsActionsAndTakesNoMore() {
        loop.callBeforePoll(note("never"));
        loop.close();
        assertThatThrownBy(() -> loop.callBeforePoll(note("never"))).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.cancelBeforePoll(note("never"))).isInstanceOf(LoopClosedException.class);
        assertThat(log).isEmpty();
    }
}
