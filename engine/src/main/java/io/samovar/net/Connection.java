package io.samovar.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskOptions;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that tells a {@link Protocol} or {@link BufferedProtocol} what happens to it. asyncio: a {@code Transport} with its
 * protocol.
 *
 * <pre>{@code
 * final class Echo implements Protocol {
 *     private Connection connection;
 *
 *     public void connectionMade(Connection made) {
 *         connection = made;
 *     }
 *
 *     public void dataReceived(ByteBuf data) {
 *         connection.write(data);
 *     }
 *
 *     public void pauseWriting() {
 *         connection.pauseReading();
 *     }
 *
 *     public void resumeWriting() {
 *         connection.resumeReading();
 *     }
 * }
 *
 * TcpServer.bind(address).start(Connection.serving(Echo::new));
 * }</pre>
 *
 * <p>It goes by a {@link TcpStream}, so all that is said of streams holds: buffers have one owner, small writes leave together, TLS
 * lies below. Reading belongs to the protocol alone. A task of the loop reads for it; cancelling that one, as the end of {@code
 * Async.run} does, cuts the connection. Belongs to the loop's thread.
 */
public final class Connection {
    private final EventLoop loop;
    private final TcpStream stream;
    private final Flow flow = new Flow();
    private final Arrival arrival = new Arrival();
    private final Promise<@Nullable Void> made;
    private BaseProtocol protocol;

    private boolean readingPaused;
    /** The protocol was told to pause its writing, and not yet to go on. */
    private boolean writingPaused;

    private Connection(TcpStream stream, BaseProtocol protocol) {
        this.loop = EventLoop.current();
        this.stream = stream;
        this.protocol = Objects.requireNonNull(protocol, "protocol");
        this.made = loop.createFuture();
    }

    /**
     * Puts a protocol on a stream, and goes on when its {@code connectionMade} has run.
     *
     * @param stream becomes the connection's: nobody else may read from it
     */
    public static Coroutine<Connection> start(TcpStream stream, BaseProtocol protocol) {
        Connection connection = new Connection(stream, protocol);
        TaskOptions options = TaskOptions.DEFAULT.name("protocol of " + stream).eager(false);
        Task<?> unused = connection.loop.createTask(connection.run(), options);
        try {
            await(connection.made);
        } catch (Throwable failure) {
            stream.abort();
            throw failure;
        }
        return Coroutine.of(connection);
    }

    /** For {@link TcpServer.Builder#start}: a protocol of its own for each connection. */
    public static ConnectionHandler serving(Supplier<? extends BaseProtocol> protocols) {
        return stream -> new Connection(stream, protocols.get()).run();
    }

    /** The protocol that is told what happens. */
    public BaseProtocol protocol() {
        return protocol;
    }

    /** Has another protocol, of either kind, told from now on what happens; it is not told of what has happened. */
    public void setProtocol(BaseProtocol next) {
        loop.checkThread();
        protocol = Objects.requireNonNull(next, "protocol");
        arrival.askAgain();
    }

    /** The stream below, for addresses, options and what TLS knows of the peer. Not for reading. */
    public TcpStream stream() {
        return stream;
    }

    /** Sends bytes; as {@link TcpStream#write(ByteBuf)}, which says who owns what. Never waits, see {@link BaseProtocol#pauseWriting}. */
    public void write(ByteBuf bytes) {
        Object unused = stream.write(bytes);
    }

    /** Sends several buffers, in one system call where the kernel takes them. */
    public void write(ByteBuf... buffers) {
        Object unused = stream.write(buffers);
    }

    /** Sends bytes, which are copied. */
    public void write(byte[] bytes) {
        Object unused = stream.write(bytes);
    }

    /** Sends text in UTF-8. */
    public void write(CharSequence text) {
        Object unused = stream.write(text);
    }

    /** Sends the end of the stream behind what waits to be written. asyncio: {@code write_eof}. */
    public void shutdownOutput() {
        stream.shutdownOutput();
    }

    /** Reads no more, until {@link #resumeReading}; a peer that goes on sending has to wait. Doing it twice does nothing. */
    public void pauseReading() {
        loop.checkThread();
        readingPaused = true;
    }

    /** Reads on. */
    public void resumeReading() {
        loop.checkThread();
        if (readingPaused) {
            readingPaused = false;
            arrival.askAgain();
        }
    }

    /** Whether bytes are read: not while reading is paused or the connection is closing. */
    public boolean isReading() {
        return !readingPaused && !stream.isClosing();
    }

    /** Closes after what waits to be written; nothing more is read. Then {@code connectionLost} is called. Closing twice does nothing. */
    public void close() {
        stream.close();
    }

    /** Closes at once, and drops what waits to be written. */
    public void abort() {
        stream.abort();
    }

    /** Is done when the descriptor is closed. */
    public Future<@Nullable Void> closed() {
        return stream.closed();
    }

    @Override
    public String toString() {
        return "Connection(" + stream + ", " + protocol + ")";
    }

    /** The life of the connection. */
    private Coroutine<@Nullable Void> run() {
        Throwable cause = null;
        stream.flowListener(flow);
        try {
            tellMade();
            if (stream.isWritingPaused()) {
                flow.writingPaused(); // before there was anybody to tell
            }
            while (await(arrival)) {
                arrival.deliver();
            }
            if (!stream.isClosing() && protocol.eofReceived()) {
                arrival.waitForTheEndOnly();
                boolean unused = await(arrival);
            }
            stream.close();
            await(stream.closed());
        } catch (Throwable failure) {
            cause = failure;
        }
        stream.abort(); // nothing is left to do for it after an orderly end
        if (cause instanceof CancelledError cancelled) {
            tellLost(null);
            throw cancelled;
        }
        if (cause != null && !(cause instanceof NetworkException)) {
            loop.report(new LoopFailure("a protocol has failed: its connection is cut", cause, this));
        }
        tellLost(cause == null ? stream.lossCause() : cause);
        if (cause instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return Coroutine.done();
    }

    @SuppressWarnings("NullAway") // a Promise<@Nullable Void> takes null
    private void tellMade() {
        try {
            protocol.connectionMade(this);
        } catch (RuntimeException failure) {
            loop.report(new LoopFailure("connectionMade of a protocol has failed", failure, this));
        }
        if (!made.isDone()) {
            made.setResult(null);
        }
    }

    private void tellLost(@Nullable Throwable cause) {
        try {
            protocol.connectionLost(cause);
        } catch (RuntimeException failure) {
            loop.report(new LoopFailure("connectionLost of a protocol has failed", failure, this));
        }
    }

    /** The wait for bytes, in whatever way the protocol of the moment wants them. Gives whether there are some, or none will come. */
    private final class Arrival implements Awaitable<Boolean> {
        private @Nullable ByteBuf data;
        private int bytes;
        /** The peer has ended its stream: only the end of this side is waited for. */
        private boolean ended;

        @Override
        public Object poll(Task<?> task) throws Throwable {
            if (stream.isClosing()) {
                return false;
            }
            NetworkException lost = stream.lossCause();
            if (lost != null) {
                throw lost;
            }
            if (readingPaused || ended) {
                return PENDING;
            }
            if (protocol instanceof BufferedProtocol buffered) {
                return fill(buffered, task);
            }
            Object received = stream.read().poll(task);
            if (received == PENDING) {
                return PENDING;
            }
            data = (ByteBuf) received;
            return received != null;
        }

        private Object fill(BufferedProtocol buffered, Task<?> task) throws Throwable {
            ByteBuf into = Objects.requireNonNull(buffered.getBuffer(), "getBuffer() returned null");
            if (!into.isWritable()) {
                throw new IllegalStateException("getBuffer() returned a buffer without room: " + into);
            }
            Object received = stream.read(into).poll(task);
            if (received == PENDING) {
                return PENDING;
            }
            bytes = (Integer) Objects.requireNonNull(received);
            return bytes > 0;
        }

        void deliver() {
            ByteBuf came = data;
            if (came != null) {
                data = null;
                if (protocol instanceof Protocol whole) {
                    whole.dataReceived(came);
                } else {
                    came.release();
                }
            } else if (protocol instanceof BufferedProtocol buffered) {
                buffered.bufferUpdated(bytes);
            }
        }

        @Override
        public void park(Task<?> task) {
            stream.reader().park(task); // paused or not: it is woken when the stream is closed
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            return stream.reader().interrupt(task, message);
        }

        void waitForTheEndOnly() {
            ended = true;
        }

        void askAgain() {
            stream.reader().wake();
        }
    }

    /** Passes on what becomes of the writing. */
    private final class Flow implements FlowListener {
        @Override
        public void writingPaused() {
            if (!writingPaused) {
                writingPaused = true;
                tell("pauseWriting", protocol::pauseWriting);
            }
        }

        @Override
        public void writingMayGoOn() {
            loop.callSoon(
                    () -> { // nothing of the user's runs inside a poll
                        if (writingPaused && !stream.isWritingPaused()) {
                            writingPaused = false;
                            tell("resumeWriting", protocol::resumeWriting);
                        }
                    });
        }

        @Override
        public void writingIsOver() {
            arrival.askAgain();
        }

        private void tell(String what, Runnable callback) {
            try {
                callback.run();
            } catch (RuntimeException failure) {
                loop.report(new LoopFailure(what + " of a protocol has failed", failure, Connection.this));
            }
        }
    }
}
