package io.samovar.echo;

import io.netty.buffer.ByteBuf;
import io.samovar.Frame;
import io.samovar.Task;
import io.samovar.net.TcpStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An echo that changes what it sends back, or closes the connection when it is to send {@code null}. */
final class FaultyEcho extends Frame<@Nullable Void> {
    private static final int READ = 1;
    private static final int WRITTEN = 2;

    private final TcpStream peer;
    private final UnaryOperator<@Nullable ByteBuf> fault;

    FaultyEcho(TcpStream peer, UnaryOperator<@Nullable ByteBuf> fault) {
        this.peer = peer;
        this.fault = fault;
    }

    @Override
    protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
        Object got = at == START ? null : awaited(task);
        for (boolean hasRead = at == READ; ; hasRead = false) {
            if (!hasRead && (got = await(peer.read(), task, READ)) == SUSPENDED) {
                return SUSPENDED;
            }
            ByteBuf answer = got == null ? null : fault.apply((ByteBuf) got);
            if (answer == null) {
                return null;
            }
            if (await(peer.write(answer), task, WRITTEN) == SUSPENDED) {
                return SUSPENDED;
            }
        }
    }
}
