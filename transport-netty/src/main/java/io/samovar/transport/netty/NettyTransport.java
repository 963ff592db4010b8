package io.samovar.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Future;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A transport that polls by driving a Netty {@link IoEventLoop} from the Samovar loop, on its thread.
 *
 * <p>Ordinary Netty channels can live on that {@link #ioEventLoop() event loop} beside Samovar's sockets; their tasks run
 * at the end of each poll.
 */
public abstract class NettyTransport implements Transport {
    /** {@link ManualIoEventLoop}'s word for "do not wait". */
    private static final long NO_WAIT = -1;

    /** {@link ManualIoEventLoop}'s word for "wait without end". */
    private static final long WAIT_FOREVER = 0;

    /** How long Netty's own tasks may run in one poll, so that one that submits itself again does not keep the loop. */
    private static final long TASK_QUANTUM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** {@link ManualIoEventLoop}'s word for "run I/O only". */
    private static final long NO_TASKS = -1;

    private final String name;
    private final TransportContext context;
    private final Driver driver;
    /** Pooled, because only this allocator's slices are recycled: a read then allocates nothing. */
    private final ReceiveBuffer receiveBuffer = new ReceiveBuffer(PooledByteBufAllocator.DEFAULT);
    /** The driver's thread is the one that uses the transport first: a loop may be opened on another one. */
    private boolean owned;

    /** A wake-up that no poll has ended for yet. Set by any thread, cleared by the loop's. */
    private volatile boolean woken;

    private boolean closed;

    protected NettyTransport(String name, IoHandlerFactory factory, TransportContext context) {
        this.name = name;
        this.context = context;
        this.driver = new Driver(factory);
    }

    /**
     * Netty's loop, which refuses to block while ours has work.
     *
     * <p>Netty's handlers ask {@code canBlock} once more after they have announced that they are about to sleep. Without
     * this a wake-up that comes while the loop runs user code would be lost: Netty takes the loop for awake then, and
     * does not write to its event descriptor.
     */
    private final class Driver extends ManualIoEventLoop {
        Driver(IoHandlerFactory factory) {
            super(null, factory);
        }

        @Override
        protected boolean canBlock() {
            return !woken && !context.hasWork();
        }
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public void poll(long timeoutNanos) {
        own();
        driver.run(timeoutNanos > 0 ? timeoutNanos : timeoutNanos == 0 ? NO_WAIT : WAIT_FOREVER, NO_TASKS);
        if (woken) {
            woken = false; // who wakes us from here on ends the next poll
        }
        driver.runNonBlockingTasks(TASK_QUANTUM_NANOS);
        if (driver.isShuttingDown()) {
            // It would not wait any more, and no socket would ever be ready: better to end loudly than to spin.
            throw new IllegalStateException("the Netty event loop of this transport was shut down by somebody else:"
                    + " what uses ioEventLoop() must not call shutdownGracefully() on it");
        }
    }

    @Override
    public final void wakeup() {
        if (!woken) { // else the poll that ends for it is still to come
            woken = true;
            driver.wakeup();
        }
    }

    @Override
    public final ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    /**
     * Netty's event loop, for Netty channels that shall live on this thread; programs get it from {@link NettyLoop}. Their
     * blocking calls must not be used there, and nobody but this transport may shut it down.
     */
    public final IoEventLoop ioEventLoop() {
        return driver;
    }

    /** The classes of Netty channels that this event loop takes. */
    protected abstract ChannelTypes channelTypes();

    /** Registers a handle with Netty's I/O handler; nothing is armed yet. */
    protected final IoRegistration register(IoHandle handle) {
        own();
        Future<IoRegistration> registration = driver.register(handle);
        if (!registration.isSuccess()) { // on the loop thread it is done at once
            throw new IllegalStateException("the socket could not be registered", registration.cause());
        }
        return registration.getNow();
    }

    /** Tells the listener of a socket that has just been closed, if it was this transport's closing that closed it. */
    protected final void tellClosed(@Nullable ReadinessListener listener) {
        if (!closed || listener == null) {
            return;
        }
        try {
            listener.closed();
        } catch (Throwable failure) {
            listenerFailed(failure);
        }
    }

    /** Passes on what a listener threw: nothing may escape into Netty's handler, which would stop for a second. */
    protected final void listenerFailed(Throwable failure) {
        context.listenerFailed(failure);
    }

    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        own();
        Future<?> terminated = driver.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!terminated.isDone()) {
            driver.runNow();
        }
        receiveBuffer.close();
        released();
    }

    /** Called once, when all sockets are closed: gives back what else the transport holds. */
    protected void released() {}

    /** Makes this thread the driver's, unless it has one. */
    final void own() {
        if (!owned) {
            driver.setOwningThread(Thread.currentThread());
            owned = true;
            // Netty's allocator decides with the first buffer whether a thread has memory of its own, and gives it only
            // to
            // one that it sees inside an event loop of its own. Coroutines run outside of that.
            driver.execute(() -> ByteBufAllocator.DEFAULT.directBuffer(1).release());
        }
    }
}
