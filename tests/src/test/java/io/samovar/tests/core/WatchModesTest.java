package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels are watched on a loop that has sockets in memory and a clock of its own, too. */
@Timeout(30)
@EveryMode
class WatchModesTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;

    WatchModesTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    @Test
    void aPipeOfTheSystemIsWatchedInRealTime() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            sink.write(ByteBuffer.allocate(3));
            Promise<Integer> read = loop.createFuture();
            loop.addReader(source, () -> {
                try {
                    read.setResult(source.read(ByteBuffer.allocate(8)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(loop.runUntilComplete(read)).isEqualTo(3);
            assertThat(loop.removeReader(source)).isTrue();
        }
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aDescriptorIsRefusedWhereTheTransportDoesNotKnowIt() {
        assertThatThrownBy(() -> loop.addReader(0, () -> {}))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("use transport epoll or kqueue");
    }
}
