package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.sync.Event;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class EventTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Event event = new Event();
    private final List<Object> log = new ArrayList<>();

    EventTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Task<Void> waiting(Object name) {
        return loop.createTask(coroutine(() -> {
            await(event.whenSet());
            log.add(name);
            return Coroutine.done();
        }));
    }

    @Test
    void setWakesAllWhoWaitAndLetsThoseThroughWhoComeLater() {
        assertThat(event.isSet()).isFalse();
        waiting(1);
        waiting(2);
        virtual.turn();
        assertThat(log).isEmpty();
        waiting(3); // a lazy one starts before those who are woken, and finds it set
        event.set();
        virtual.turn();
        assertThat(log).containsExactlyInAnyOrder(1, 2, 3).containsSubsequence(1, 2);
        assertThat(event.isSet()).isTrue();
        loop.runUntilComplete(event.whenSet());
    }

    @Test
    void whoComesAfterAClearWaits() {
        event.set();
        event.clear();
        assertThat(event.isSet()).isFalse();
        Task<Void> late = waiting(1);
        virtual.settle();
        assertThat(late.isDone()).isFalse();
    }

    @Test
    @Tag("C11")
    void whoWaitedWhenItWasSetGoesOnEvenIfItIsClearedFirst() {
        Task<Void> task = waiting(1);
        virtual.turn();
        event.set();
        event.clear();
        assertThat(event.isSet()).isFalse();
        event.set();
        event.set();
        assertThat(event).hasToString("Event(set, 1 waiting)");
        event.clear();
        virtual.turn();
        assertThat(log).containsExactly(1);
        assertThat(task.isDone()).isTrue();
        assertThat(event).hasToString("Event(not set)");
    }

    @Test
    @Tag("C11")
    void aTaskThatWasWokenAndWaitsAgainWaitsForTheNextSet() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            await(event.whenSet());
            log.add("once");
            await(event.whenSet());
            log.add("twice");
            return Coroutine.done();
        }));
        virtual.turn();
        event.set();
        event.clear();
        virtual.settle();
        assertThat(log).containsExactly("once");
        event.set();
        loop.runUntilComplete(task);
    }

    @Test
    void aCancelledWaiterLeavesAndAWokenOneTooWithoutWakingThoseWhoCameAfterTheClear() {
        Task<Void> first = waiting(1);
        Task<Void> second = waiting(2);
        virtual.turn();
        first.cancel();
        virtual.turn();
        assertThat(event).hasToString("Event(not set, 1 waiting)");
        event.set();
        event.clear();
        second.cancel();
        Task<Void> third = waiting(3);
        virtual.settle();
        assertThat(first.isCancelled()).isTrue();
        assertThat(second.isCancelled()).isTrue();
        assertThat(third.isDone()).isFalse();
        assertThat(event).hasToString("Event(not set, 1 waiting)");
    }

    @Test
    void aCancellationAfterTheSetWakesNobodyWhoCameAfterTheClear() {
        Promise<Void> go = loop.createFuture();
        Task<Void> first = waiting(1);
        Task<Void> second = loop.createTask(coroutine(() -> {
            await(go);
            await(event.whenSet());
            return Coroutine.done();
        }));
        virtual.turn();
        go.setResult(null); // so that it comes to wait before the first one runs
        event.set();
        event.clear();
        first.cancel();
        virtual.settle();
        assertThat(first.isCancelled()).isTrue();
        assertThat(second.isDone()).isFalse();
    }

    @Test
    void aTaskThatIsWokenForNothingGoesOnWaiting() {
        Task<Void> task = waiting(1);
        virtual.turn();
        task.wakeup();
        virtual.settle();
        assertThat(log).isEmpty();
        event.set();
        virtual.turn();
        assertThat(log).containsExactly(1);
    }

    @Test
    void anEventTellsWhetherItIsSet() {
        assertThat(event).hasToString("Event(not set)");
        assertThat(event.whenSet()).hasToString("Event(not set).whenSet()");
        event.set();
        assertThat(event).hasToString("Event(set)");
    }
}
