package io.samovar.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of the guide's part on doing several things at once do what it says. */
@Timeout(30)
class CombinatorsTest {
    private final VirtualClock clock = new VirtualClock();

    @AutoClose
    private final EventLoop loop = clock.openLoop();

    private final Combinators samples = new Combinators();

    private <T> T run(Callable<Coroutine<T>> sample) throws Exception {
        return loop.runUntilComplete(sample.call());
    }

    private void assertThatItTook(long minutes) {
        assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(minutes));
        loop.allTasks().forEach(Task::cancel);
        loop.runUntilComplete(Async.sleep(Duration.ZERO));
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aGroupMakesABreakfast() throws Exception {
        assertThat(run(samples::breakfast)).isEqualTo(new Combinators.Breakfast("tea", "toast"));
        assertThatItTook(3);
    }

    @Test
    void aFailureInAGroupIsTakenApart() throws Exception {
        run(samples::smoke);
        assertThat(samples.log).containsExactly("no breakfast: smoke");
        assertThatItTook(1);
    }

    @Test
    void theFirstOneEndsTheGroup() throws Exception {
        run(samples::firstOfTwo);
        assertThat(samples.log).containsExactly("ready upstairs");
        assertThatItTook(8);
    }

    @Test
    void twoResultsBecomeOne() throws Exception {
        assertThat(run(samples::both)).isEqualTo(new Combinators.Breakfast("tea", "toast"));
    }

    @Test
    void allOutcomesAreTold() throws Exception {
        run(samples::outcomes);
        assertThat(samples.log).containsExactly("tea", "failed: smoke");
    }

    @Test
    void teaIsTooLate() throws Exception {
        run(samples::inTime);
        assertThat(samples.log).containsExactly("too late for tea");
        assertThatItTook(2);
    }

    @Test
    void eachCourseHasItsTime() throws Exception {
        assertThat(run(samples::courses)).isEqualTo(3);
        assertThatItTook(8);
    }

    @Test
    void dishesComeAsTheyAreReady() throws Exception {
        run(samples::asTheyCome);
        assertThat(samples.log).containsExactly("toast", "tea");
    }

    @Test
    void whoWantsOnlyTheFirstLeaves() throws Exception {
        run(samples::onlyTheFirst);
        assertThat(samples.log).containsExactly("toast");
        assertThatItTook(2);
    }

    @Test
    void whatIsLateIsCancelledByHand() throws Exception {
        run(samples::waiting);
        assertThat(samples.log).containsExactly("toast");
    }

    @Test
    void whatIsShieldedGoesOn() {
        Task<Void> task = loop.createTask(samples.shielding());
        loop.runUntilComplete(Async.sleep(Duration.ofSeconds(1)));
        task.cancel();
        loop.runUntilComplete(Async.sleep(Duration.ofMinutes(2)));
        assertThat(task.isCancelled()).isTrue();
        assertThat(samples.log).containsExactly("washed");
    }
}
