package io.samovar.echo;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.net.TcpStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An echo that changes what it sends back, or closes the connection when it is to send {@code null}. */
final class FaultyEcho {
    private FaultyEcho() {}

    static Coroutine<@Nullable Void> echo(TcpStream peer, UnaryOperator<@Nullable ByteBuf> fault) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            ByteBuf answer = fault.apply(data);
            if (answer == null) {
                break;
            }
            await(peer.write(answer));
        }
        return Coroutine.done();
    }
}
