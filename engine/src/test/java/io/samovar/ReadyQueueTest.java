package io.samovar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
    private final ReadyQueue queue = new ReadyQueue();

    @Test
    void entriesComeOutInTheOrderTheyWentIn() {
        queue.add("a");
        queue.add("b");
        assertThat(queue.remove()).isEqualTo("a");
        queue.add("c");
        assertThat(queue.remove()).isEqualTo("b");
        assertThat(queue.remove()).isEqualTo("c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void growingKeepsTheOrderWhereverTheRingBegins() {
        for (int offset = 0; offset < 300; offset += 37) {
            ReadyQueue ring = new ReadyQueue();
            for (int i = 0; i < offset; i++) {
                ring.add("skip");
                ring.remove();
            }
            List<Object> in = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                in.add(i);
                ring.add(i);
            }
            List<Object> out = new ArrayList<>();
            while (!ring.isEmpty()) {
                out.add(ring.remove());
            }
            assertThat(out).isEqualTo(in);
        }
    }

    @Test
    void onlyTheLastEntryIsTakenBackWhereverTheRingBegins() {
        for (int offset = 0; offset < 300; offset++) {
            ReadyQueue ring = new ReadyQueue();
            for (int i = 0; i < offset; i++) {
                ring.add("skip");
                ring.remove();
            }
            assertThat(ring.removeLast("skip")).isFalse();
            ring.add("a");
            ring.add("b");
            assertThat(ring.removeLast("a")).isFalse();
            assertThat(ring.removeLast("b")).isTrue();
            ring.add("c");
            assertThat(ring.size()).isEqualTo(2);
            assertThat(ring.remove()).isEqualTo("a");
            assertThat(ring.remove()).isEqualTo("c");
        }
    }

    @Test
    void clearedMeansEmpty() {
        queue.add("a");
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        queue.add("b");
        assertThat(queue.remove()).isEqualTo("b");
    }
}
