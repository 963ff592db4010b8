package io.samovar;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.VirtualLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What combinators tell a call graph; in their package, since it is not for programs. */
@Timeout(30)
class AwaitedByTest {
    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();

    /** The callback of a combinator. */
    private record Through(@Nullable Future<?> awaiter) implements Consumer<Future<Integer>>, AwaitedBy {
        @Override
        public void accept(Future<Integer> done) {}
    }

    @Test
    void aCallbackMaySayOnWhoseBehalfItWaits() {
        Promise<Integer> inner = loop.createFuture();
        Promise<Integer> outer = loop.createFuture();
        inner.addDoneCallback(done -> {});
        inner.addDoneCallback(new Through(outer));
        inner.addDoneCallback(new Through(null));
        assertThat(CallGraph.capture(inner).awaitedBy())
                .singleElement()
                .satisfies(graph -> assertThat(graph.future()).isSameAs(outer));
    }

    @Test
    void aCallbackWithAContextSaysSoToo() {
        Promise<Integer> inner = loop.createFuture();
        Promise<Integer> outer = loop.createFuture();
        inner.addDoneCallback(new Through(outer), new Context());
        assertThat(CallGraph.capture(inner).awaitedBy()).hasSize(1);
    }

    @Test
    void whatIsReachedOnManyWaysIsOneObjectAndWrittenOnce() {
        Promise<Integer> innermost = loop.createFuture();
        Promise<Integer> last = innermost;
        for (int level = 0; level < 64; level++) { // 2^64 ways to the outermost future
            Promise<Integer> joined = loop.createFuture();
            for (int side = 0; side < 2; side++) {
                Promise<Integer> between = loop.createFuture();
                last.addDoneCallback(new Through(between));
                between.addDoneCallback(new Through(joined));
            }
            last = joined;
        }
        CallGraph graph = CallGraph.capture(innermost);
        CallGraph left = graph.awaitedBy().get(0);
        CallGraph right = graph.awaitedBy().get(1);
        assertThat(left).isNotSameAs(right);
        assertThat(left.awaitedBy().get(0)).isSameAs(right.awaitedBy().get(0));
        assertThat(graph.format().lines().filter(line -> line.contains("* Promise")))
                .hasSize(1 + 64 * 4);
    }
}
