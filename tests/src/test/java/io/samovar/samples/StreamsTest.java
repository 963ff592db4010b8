package io.samovar.samples;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.Connection;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.IncompleteReadException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;

/** The samples of the guide's part on streams do what it says. */
@Timeout(30)
class StreamsTest {
    @TransportTest
    void theDictionaryAnswersEachWord(TransportProvider provider) {
        Map<String, String> words = Map.of("чайник", "kettle", "самовар", "samovar");
        List<String> answers = talk(provider, peer -> Streams.dictionary(peer, words), StreamsTest::askTheDictionary);
        assertThat(answers).containsExactly("samovar", "?", "kettle");
    }

    private static Coroutine<List<String>> askTheDictionary(TcpStream peer) {
        await(peer.write("самовар\nстакан\r\nчайник\n"));
        peer.shutdownOutput();
        return peer.lines().toList();
    }

    @TransportTest
    void framesAreReadUntilThePeerEnds(TransportProvider provider) {
        List<String> frames = talk(provider, StreamsTest::sendFrames, StreamsTest::readFrames);
        assertThat(frames).containsExactly("kettle", "", "on");
    }

    private static Coroutine<Void> sendFrames(TcpStream peer) {
        for (String text : List.of("kettle", "", "on")) {
            await(peer.write(peer.alloc().directBuffer().writeInt(text.length())));
            await(peer.write(text));
        }
        return Coroutine.done();
    }

    private static Coroutine<List<String>> readFrames(TcpStream peer) {
        List<String> frames = new ArrayList<>();
        for (ByteBuf frame; (frame = await(Streams.readFrame(peer))) != null; ) {
            frames.add(frame.toString(UTF_8));
            frame.release();
        }
        return Coroutine.of(frames);
    }

    @TransportTest
    void aFrameThatIsCutOrTooLongFails(TransportProvider provider) {
        assertThatThrownBy(() -> talk(provider, peer -> cut(peer, 7), StreamsTest::readFrames))
                .isInstanceOf(IncompleteReadException.class);
        assertThatThrownBy(() -> talk(provider, peer -> cut(peer, Integer.MAX_VALUE), StreamsTest::readFrames))
                .hasMessage("a frame of 2147483647 bytes");
    }

    private static Coroutine<Void> cut(TcpStream peer, int announced) {
        await(peer.write(peer.alloc().directBuffer().writeInt(announced)));
        await(peer.write("half"));
        return Coroutine.done();
    }

    @TransportTest
    void theProtocolEchoes(TransportProvider provider) {
        List<String> answers =
                talk(provider, Connection.serving(Streams.EchoProtocol::new), StreamsTest::askTheDictionary);
        assertThat(answers).containsExactly("самовар", "стакан", "чайник");
    }

    private static <T> T talk(
            TransportProvider provider, ConnectionHandler server, Function<TcpStream, Coroutine<T>> client) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            return loop.runUntilComplete(run(server, client));
        }
    }

    private static <T> Coroutine<T> run(ConnectionHandler handler, Function<TcpStream, Coroutine<T>> client) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        TcpServer server = TcpServer.bind(anyPort).start(handler);
        T answer;
        try (TcpStream peer = await(TcpStream.connect(server.address()))) {
            answer = await(client.apply(peer));
        } finally {
            server.close();
        }
        await(server.waitClosed());
        return Coroutine.of(answer);
    }
}
