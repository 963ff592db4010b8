package io.samovar.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResolverThreadsTest {
    @AutoClose("shutdownNow")
    private final ThreadPoolExecutor threads = ResolverThreads.open(2, Duration.ofMillis(1));

    @AutoClose("shutdownNow")
    private final ThreadPoolExecutor usual = ResolverThreads.open();

    @Test
    void aThreadThatIsIdleEndsAndAnotherIsMadeWhenThereIsWork() throws Exception {
        Thread first = threads.submit(Thread::currentThread).get();
        first.join();
        Thread second = threads.submit(Thread::currentThread).get();
        second.join();
        assertThat(second).isNotSameAs(first);
        assertThat(threads.getPoolSize()).isZero();
        assertThat(first.getName()).isEqualTo("samovar-resolver-1");
        assertThat(second.getName()).isEqualTo("samovar-resolver-2");
    }

    @Test
    void theUsualThreadsEndTooAndAreNoMoreThan16() {
        assertThat(usual.allowsCoreThreadTimeOut()).isTrue();
        assertThat(usual.getMaximumPoolSize()).isEqualTo(16);
    }

    @Test
    void aThreadKeepsNothingOfWhoeverAsksFirst() throws Exception {
        InheritableThreadLocal<String> program = new InheritableThreadLocal<>();
        program.set("large");
        assertThat(threads.submit(program::get).get()).isNull();
    }
}
