package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.codec.CodecStream;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.Coroutines;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/** Both ends of a connection, on one loop: one for a codec, and one for the test to speak by hand. */
record Ends(TcpStream near, TcpStream far) {
    /** Runs a test on a loop of its own. */
    static void run(TransportProvider provider, Callable<Coroutine<Void>> test) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            loop.runUntilComplete(Coroutines.coroutine(test));
        }
    }

    static Coroutine<Ends> open() {
        Promise<TcpStream> accepted = EventLoop.current().createFuture();
        try (TcpServer server = TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start(peer -> hold(peer, accepted))) {
            TcpStream far = await(TcpStream.connect(server.address()));
            return Coroutine.of(new Ends(await(accepted), far));
        }
    }

    /** A server closes a stream whose handler has ended. */
    private static Coroutine<Void> hold(TcpStream peer, Promise<TcpStream> accepted) {
        accepted.setResult(peer);
        await(peer.closed());
        return Coroutine.done();
    }

    <I, O> CodecStream<I, O> codec(Class<I> type, ChannelHandler... handlers) {
        return new CodecStream<>(near, type, handlers);
    }

    /** The next bytes that have come to the far end, exactly as many as {@code expected} has. */
    Coroutine<String> got(int bytes) {
        ByteBuf read = await(far.readExactly(bytes));
        String text = read.toString(UTF_8);
        read.release();
        return Coroutine.of(text);
    }
}
