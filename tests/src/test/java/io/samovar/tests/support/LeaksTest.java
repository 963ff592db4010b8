package io.samovar.tests.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The net itself must hold. */
class LeaksTest {
    @Test
    void aBufferThatIsNeverReleasedIsFound() {
        dropABuffer();
        assertThat(Leaks.take()).singleElement().asString().contains("LEAK");
    }

    @Test
    void aBufferThatIsReleasedIsNot() {
        ByteBufAllocator.DEFAULT.directBuffer(64).release();
        assertThat(Leaks.take()).isEmpty();
    }

    /** In a method of its own, so that no local variable keeps the buffer. */
    private static void dropABuffer() {
        ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }
}
