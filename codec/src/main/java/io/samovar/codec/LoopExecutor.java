package io.samovar.codec;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.samovar.EventLoop;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Samovar loop as handlers know event loops: they run tasks on it, and timers. It does not own the loop. */
final class LoopExecutor extends AbstractEventExecutor implements io.netty.channel.EventLoop {
    /** The one of the loop that this thread runs. */
    private static final FastThreadLocal<@Nullable LoopExecutor> CURRENT = new FastThreadLocal<>();

    private final EventLoop loop;
    private final Thread thread = Thread.currentThread();

    private LoopExecutor(EventLoop loop) {
        this.loop = loop;
    }

    /** On the loop's thread. */
    static LoopExecutor of(EventLoop loop) {
        LoopExecutor current = CURRENT.getIfExists();
        if (current == null || current.loop != loop) {
            current = new LoopExecutor(loop);
            CURRENT.set(current);
        }
        return current;
    }

    @Override
    public boolean inEventLoop(Thread other) {
        return other == thread;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(Executors.callable(command), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return new LoopTimer<>(this, loop, callable, Duration.ofNanos(unit.toNanos(delay))).start();
    }

    @Override
    public io.netty.channel.EventLoop next() {
        return this;
    }

    @Override
    public io.netty.channel.EventLoopGroup parent() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        throw onlyCodecs();
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        throw onlyCodecs();
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        throw onlyCodecs();
    }

    private static UnsupportedOperationException onlyCodecs() {
        return new UnsupportedOperationException("only codecs live here: a channel needs NettyLoop.eventLoop()");
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw notOurs();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw notOurs();
    }

    @Override
    public Future<?> terminationFuture() {
        throw notOurs();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw notOurs();
    }

    private static UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException("the loop belongs to the program");
    }

    @Override
    public boolean isShuttingDown() {
        return loop.isClosed();
    }

    @Override
    public boolean isShutdown() {
        return loop.isClosed();
    }

    @Override
    public boolean isTerminated() {
        return loop.isClosed();
    }
}
