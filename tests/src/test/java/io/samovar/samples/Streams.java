package io.samovar.samples;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.net.Connection;
import io.samovar.net.IncompleteReadException;
import io.samovar.net.Protocol;
import io.samovar.net.TcpStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What docs/networking.md shows of streams and protocols. */
final class Streams {
    private static final int MAX_FRAME = 1 << 20;

    private Streams() {}

    // dictionary
    static Coroutine<Void> dictionary(TcpStream peer, Map<String, String> words) {
        try (peer) {
            for (String word; (word = await(peer.readLine())) != null; ) {
                await(peer.write(words.getOrDefault(word, "?")));
                await(peer.write("\n")); // leaves with the word, in one system call
            }
        }
        return Coroutine.done();
    }
    // end

    // frame
    static Coroutine<@Nullable ByteBuf> readFrame(TcpStream peer) {
        ByteBuf head;
        try {
            head = await(peer.readExactly(4));
        } catch (IncompleteReadException early) {
            if (early.partial().length == 0) {
                return Coroutine.done(); // the peer has ended between two frames
            }
            throw early;
        }
        int length = head.readInt();
        head.release();
        if (length < 0 || length > MAX_FRAME) {
            throw new IllegalArgumentException("a frame of " + length + " bytes");
        }
        return Coroutine.of(await(peer.readExactly(length)));
    }
    // end

    // protocol
    static final class EchoProtocol implements Protocol {
        private @Nullable Connection connection;

        @Override
        public void connectionMade(Connection made) {
            connection = made;
        }

        @Override
        public void dataReceived(ByteBuf data) {
            connection().write(data);
        }

        @Override
        public void pauseWriting() {
            connection().pauseReading(); // a peer that does not read is not read from
        }

        @Override
        public void resumeWriting() {
            connection().resumeReading();
        }
        // end

        private Connection connection() {
            assert connection != null : "connectionMade comes first";
            return connection;
        }
    }
}
