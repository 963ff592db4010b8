package io.samovar.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.testing.VirtualClock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of the guide's part on tasks do what it says. */
@Timeout(30)
class TasksTest {
    @AutoClose
    private final EventLoop loop = new VirtualClock().openLoop();

    private final Tasks samples = new Tasks();

    @Test
    void aCancelledTaskCleansUp() {
        loop.runUntilComplete(samples.cancelling());
        assertThat(samples.log)
                .containsExactly("mopping up: the cup is full", "put the pot down", "pouring was cancelled");
    }

    @Test
    void eachTaskHasItsUser() {
        loop.runUntilComplete(samples.serving());
        assertThat(samples.log).containsExactly("for Ada", "for Brian", "here: nobody");
    }

    @Test
    void whatIsInTheCacheIsThereAtOnce() {
        loop.runUntilComplete(samples.looking());
        assertThat(samples.log).containsExactly("known: true, unknown: false", "from the cache, from the database");
    }

    @Test
    void aFactoryCountsTasks() {
        int before = Tasks.started;
        loop.setTaskFactory(Tasks::counted);
        loop.runUntilComplete(Coroutine.done());
        assertThat(Tasks.started).isEqualTo(before + 1);
    }

    @Test
    void theGraphShowsWhoWaits() {
        loop.runUntilComplete(samples.watching());
        assertThat(samples.log)
                .singleElement()
                .satisfies(
                        graph -> assertThat(graph.replaceAll(":\\d+\\)", ":0)").replace("//io.samovar.samples.", ""))
                                .isEqualTo("""
                        * Task 'kettle'(pending at io.samovar.samples.Tasks.whistle(Tasks.java:0))
                          + Call stack:
                          |   at io.samovar.samples.Tasks.whistle(Tasks.java:0)
                          |   at io.samovar.samples.Tasks.boil(Tasks.java:0)
                          + Awaited by:
                            * Task 'breakfast'(pending at io.samovar.samples.Tasks.breakfast(Tasks.java:0))
                              + Call stack:
                              |   at io.samovar.samples.Tasks.breakfast(Tasks.java:0)
                        """));
    }
}
