package io.samovar.net;

import io.samovar.Context;
import io.samovar.EventLoop;
import io.samovar.transport.StreamSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The open connections of one server, and the limits that they are held to. */
final class Connections {
    private final ServerLimits limits;

    /** The open connections, each at its {@link TcpStream#indexInServer}. */
    private final List<TcpStream> streams = new ArrayList<>();

    /** Their sockets, in the same order; {@code null} without a limit of time. */
    private final @Nullable List<MeteredSocket> sockets;

    private final @Nullable TimeLimits timeLimits;

    /** {@code null} without a limit. */
    private final @Nullable BufferedBytes buffered;

    /** Those that have stopped because the server is full, who came first. */
    private final Deque<Acceptor> waitingForRoom = new ArrayDeque<>();

    Connections(EventLoop loop, ServerLimits limits, Context context) {
        this.limits = limits;
        this.sockets = limits.limitsTime() ? new ArrayList<>() : null;
        this.timeLimits = limits.limitsTime() ? new TimeLimits(loop, this, limits, context) : null;
        this.buffered = limits.limitsBuffers() ? new BufferedBytes() : null;
    }

    int count() {
        return streams.size();
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    boolean isFull() {
        return streams.size() >= limits.maxConnections();
    }

    /** Opens a stream over a socket that was accepted. */
    TcpStream add(TcpServer server, EventLoop loop, StreamSocket accepted, TcpOptions options) {
        StreamSocket socket = accepted;
        if (sockets != null && timeLimits != null) {
            MeteredSocket metered = new MeteredSocket(accepted);
            sockets.add(metered);
            timeLimits.start();
            socket = metered;
        }
        TcpStream stream = new TcpStream(loop, socket, options, server);
        stream.indexInServer = streams.size();
        streams.add(stream);
        return stream;
    }

    /** The stream has closed its descriptor. */
    void remove(TcpStream stream) {
        int index = stream.indexInServer;
        TcpStream last = streams.remove(streams.size() - 1);
        if (last != stream) {
            streams.set(index, last);
            last.indexInServer = index;
        }
        if (sockets != null) {
            MeteredSocket lastSocket = sockets.remove(sockets.size() - 1);
            if (last != stream) {
                sockets.set(index, lastSocket);
            }
        }
        if (timeLimits != null && streams.isEmpty()) {
            timeLimits.stop();
        }
        giveRoom();
    }

    /** Has this one go on when there is room. */
    void waitForRoom(Acceptor acceptor) {
        waitingForRoom.add(acceptor);
    }

    /** Lets the one that has waited longest go on; whoever finds nobody at its door calls this for the next. */
    void giveRoom() {
        if (!isFull() && !waitingForRoom.isEmpty()) {
            waitingForRoom.remove().goOn();
        }
    }

    /** What the streams' queues count in; {@code null} if nobody needs to know. */
    @Nullable
    BufferedBytes buffered() {
        return buffered;
    }

    /** Bytes were left waiting on this stream: ends it, or others that have more, if that is too much. */
    void limitBuffers(TcpStream stream) {
        if (buffered == null) {
            return;
        }
        if (stream.pendingBytes() > limits.maxBufferedPerConnection()) {
            stream.fail(
                    new BufferLimitException(stream.pendingBytes() + " bytes waited to be written on one connection, "
                            + limits.maxBufferedPerConnection() + " are allowed"));
        }
        if (buffered.total() > limits.maxBuffered()) {
            // Much of it may only have been gathered in this iteration: what the peers take is not too much.
            List.copyOf(streams).forEach(gathering -> gathering.writer().sendGathered());
        }
        while (buffered.total() > limits.maxBuffered()) {
            TcpStream most = withMostBuffered();
            most.fail(new BufferLimitException(buffered.total()
                    + " bytes waited to be written on all connections together, " + limits.maxBuffered()
                    + " are allowed, and this one had the most: " + most.pendingBytes()));
        }
    }

    private TcpStream withMostBuffered() {
        TcpStream most = streams.get(0);
        for (TcpStream stream : streams) {
            if (stream.pendingBytes() > most.pendingBytes()) {
                most = stream;
            }
        }
        return most;
    }

    void closeAll() {
        List.copyOf(streams).forEach(TcpStream::close);
    }

    void abortAll() {
        List.copyOf(streams).forEach(TcpStream::abort);
    }

    /** Calls for each; it may end that stream, and no other. */
    void forEachMetered(BiConsumer<TcpStream, MeteredSocket> action) {
        if (sockets == null) {
            return;
        }
        // From the end, for the last one takes the place of one that is removed.
        for (int i = streams.size() - 1; i >= 0; i--) {
            action.accept(streams.get(i), sockets.get(i));
        }
    }
}
