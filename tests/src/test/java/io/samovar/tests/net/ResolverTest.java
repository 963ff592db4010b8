package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looking up names on other threads. */
@Timeout(60)
@EveryMode
class ResolverTest {
    private static final int THREADS = 16;

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final FakeNames names = new FakeNames();
    private final Resolver resolver = Resolver.blocking(names);

    ResolverTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Task<List<InetAddress>> lookUp(String host) {
        Task<List<InetAddress>> task = loop.createTask(resolver.resolve(host));
        virtual.turns(2);
        return task;
    }

    @Test
    void theSystemFindsLocalhost() {
        List<InetAddress> found = loop.runUntilComplete(Resolver.system().resolve("localhost"));
        assertThat(found)
                .isNotEmpty()
                .allMatch(InetAddress::isLoopbackAddress)
                .allSatisfy(address -> assertThat(address.getHostName()).isEqualTo("localhost"));
    }

    @Test
    void theSystemKnowsTheNameOfAnAddress() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByAddress("a name that does not count", new byte[] {127, 0, 0, 1});
        String expected = InetAddress.getByAddress(loopback.getAddress()).getHostName();
        assertThat(loop.runUntilComplete(Resolver.system().hostName(loopback))).isEqualTo(expected);
        assertThat(loop.runUntilComplete(resolver.hostName(loopback))).isEqualTo(expected);
    }

    @Test
    void nothingIsLookedUpBeforeTheAwait() {
        Coroutine<List<InetAddress>> lookup = resolver.resolve("kettle");
        virtual.settle();
        assertThat(names.hosts).isEmpty();
        names.letGoOn(1);
        loop.runUntilComplete(lookup);
        assertThat(names.hosts).containsExactly("kettle");
    }

    @Test
    void theAddressesComeInTheirOrderAndKnowTheirName() {
        names.letGoOn(1);
        assertThat(loop.runUntilComplete(resolver.resolve("kettle")))
                .map(InetAddress::toString)
                .containsExactly("kettle/198.51.100.7", "kettle/2001:db8:0:0:0:0:0:7");
    }

    @Test
    void aLookUpRunsOnADaemonThreadOfTheResolver() {
        names.letGoOn(1);
        loop.runUntilComplete(resolver.resolve("kettle"));
        Thread thread = names.threads.get(0);
        assertThat(thread.getName()).isEqualTo("samovar-resolver-1");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
    }

    @Test
    void theSameNameWantedAtTheSameTimeIsLookedUpOnce() throws Exception {
        List<Task<List<InetAddress>>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(lookUp("kettle"));
        }
        names.awaitBegun(1);
        names.letGoOn(1);
        for (Task<List<InetAddress>> task : tasks) {
            assertThat(loop.runUntilComplete(task)).hasSize(2);
        }
        assertThat(names.hosts).containsExactly("kettle");
        names.letGoOn(1);
        loop.runUntilComplete(resolver.resolve("kettle")); // an answer is not kept
        assertThat(names.hosts).containsExactly("kettle", "kettle");
    }

    @Test
    void eachOfThoseWhoShareALookUpGetsAFailureOfItsOwn() throws Exception {
        Task<List<InetAddress>> one = lookUp("nobody.invalid");
        Task<List<InetAddress>> other = lookUp("nobody.invalid");
        names.awaitBegun(1);
        names.letGoOn(1);
        assertThatThrownBy(() -> loop.runUntilComplete(one))
                .isInstanceOfSatisfying(HostNotFoundException.class, failure -> {
                    assertThat(failure.host()).isEqualTo("nobody.invalid");
                    assertThat(failure.mayBeTemporary()).isFalse();
                    assertThat(failure.errno()).isZero();
                })
                .hasMessage("cannot resolve 'nobody.invalid': Name or service not known")
                .hasCauseInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> loop.runUntilComplete(other)).isInstanceOf(HostNotFoundException.class);
        assertThat(one.exception()).isNotSameAs(other.exception());
        assertThat(names.hosts).hasSize(1);
    }

    @Test
    void whoIsCancelledTakesNothingFromThoseWhoShareItsLookUp() throws Exception {
        Task<List<InetAddress>> cancelled = lookUp("kettle");
        Task<List<InetAddress>> other = lookUp("kettle");
        names.awaitBegun(1);
        cancelled.cancel();
        assertThatThrownBy(() -> loop.runUntilComplete(cancelled)).isInstanceOf(CancelledError.class);
        names.letGoOn(1);
        assertThat(loop.runUntilComplete(other)).hasSize(2);
        assertThat(names.hosts).hasSize(1);
    }

    @Test
    void aLookUpThatNobodyAwaitsGoesOnAndWhoeverWantsTheSameJoinsIt() throws Exception {
        Task<List<InetAddress>> cancelled = lookUp("kettle");
        names.awaitBegun(1);
        cancelled.cancel();
        virtual.settle();
        assertThat(cancelled.isCancelled()).isTrue();
        Task<List<InetAddress>> later = lookUp("kettle");
        names.letGoOn(1);
        assertThat(loop.runUntilComplete(later)).hasSize(2);
        assertThat(names.hosts).hasSize(1);
    }

    @Test
    void noMoreThan16LookUpsAreMadeAtOnceAndOneThatIsCancelledBeforeItsTurnIsNeverMade() throws Exception {
        List<Task<List<InetAddress>>> all = new ArrayList<>();
        for (int i = 0; i < THREADS + 3; i++) {
            all.add(lookUp("kettle-" + i));
        }
        names.awaitBegun(THREADS);
        assertThat(names.hosts).hasSize(THREADS);
        Task<List<InetAddress>> unwanted = all.remove(THREADS + 1);
        Task<List<InetAddress>> same = lookUp("kettle-" + THREADS);
        all.get(THREADS).cancel(); // another one wants it still
        unwanted.cancel();
        virtual.settle();
        names.letGoOn(THREADS + 2);
        all.remove(THREADS);
        all.add(same);
        for (Task<List<InetAddress>> task : all) {
            assertThat(loop.runUntilComplete(task)).hasSize(2);
        }
        assertThat(names.hosts)
                .hasSize(THREADS + 2)
                .contains("kettle-" + THREADS)
                .doesNotContain("kettle-" + (THREADS + 1));
        assertThat(names.threads).extracting(Thread::getName).allMatch(name -> name.startsWith("samovar-resolver-"));
    }

    @Test
    void lookUpsThatHangDoNotHoldUpBlockingCalls() throws Exception {
        for (int i = 0; i < 2 * THREADS; i++) {
            lookUp("hangs-" + i);
        }
        names.awaitBegun(THREADS);
        for (int i = 0; i < 50; i++) {
            assertThat(loop.runUntilComplete(Async.toThread(() -> "called"))).isEqualTo("called");
        }
        loop.allTasks().forEach(Task::cancel);
        virtual.settle();
        names.letGoOn(THREADS);
    }

    @Test
    void blockingCallsThatHangDoNotHoldUpLookUps() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        List<Task<Integer>> hanging = new ArrayList<>();
        for (int i = 0; i < 64; i++) { // the default pool has no more than 32 threads
            hanging.add(loop.createTask(Async.toThread(() -> {
                running.incrementAndGet();
                FakeNames.await(released);
                return 0;
            })));
        }
        virtual.turns(2);
        names.letGoOn(2);
        assertThat(loop.runUntilComplete(resolver.resolve("kettle"))).hasSize(2);
        assertThat(loop.runUntilComplete(Resolver.system().resolve("localhost")))
                .isNotEmpty();
        released.countDown();
        for (Task<Integer> task : hanging) {
            loop.runUntilComplete(task);
        }
        assertThat(running).hasValue(64);
    }

    @Test
    void twoLoopsShareALookUpAndOneMayBeClosedMeanwhile() throws Exception {
        Task<List<InetAddress>> abandoned;
        Task<List<InetAddress>> awaited;
        VirtualLoop other = new VirtualLoop();
        try (other) {
            abandoned = other.loop().createTask(resolver.resolve("kettle"));
            other.turns(2);
            awaited = lookUp("kettle");
            names.awaitBegun(1);
        }
        names.letGoOn(1);
        assertThat(loop.runUntilComplete(awaited)).hasSize(2);
        assertThat(names.hosts).hasSize(1);
        assertThat(abandoned.isDone()).isFalse();
        assertThat(other.failures()).hasSize(1); // of the task that was left
    }

    @Test
    void aFailureThatIsNoAnswerIsThrownAsItIs() {
        Resolver broken = Resolver.blocking(host -> {
            throw new IllegalStateException("the kettle is broken");
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.runUntilComplete(broken.resolve("kettle")))
                .withMessage("the kettle is broken");
    }

    @Test
    void theDefaultResolverOfTheProcessMayBeSet() {
        assertThat(Resolver.getDefault()).isSameAs(Resolver.system());
        try {
            Resolver.setDefault(resolver);
            assertThat(Resolver.getDefault()).isSameAs(resolver);
        } finally {
            Resolver.setDefault(Resolver.system());
        }
    }

    @Test
    void theLookUpsOfSeveralHostsGoOnAtTheSameTime() throws Exception {
        Task<Integer> both = loop.createTask(countBoth());
        virtual.turns(3);
        names.awaitBegun(2);
        names.letGoOn(2);
        assertThat(loop.runUntilComplete(both)).isEqualTo(4);
    }

    private Coroutine<Integer> countBoth() {
        List<List<InetAddress>> found =
                await(Async.gather(List.of(resolver.resolve("kettle"), resolver.resolve("pot"))));
        return Coroutine.of(found.get(0).size() + found.get(1).size());
    }
}
