package io.samovar.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was decoded and not read yet, in order.
 *
 * <p>It is a handler as well, behind the decoder: it holds back what the decoder gives beyond the message that was asked for,
 * so that the handlers behind it see one message at a time. A failure has its place in the order, too.
 */
final class Inbox extends ChannelInboundHandlerAdapter {
    /** Messages and {@link Failed}s that the handlers behind this one have not seen. */
    private final ArrayDeque<Object> held = new ArrayDeque<>(4);

    /** Messages and {@link Failed}s for the program. */
    private final ArrayDeque<Object> ready = new ArrayDeque<>(2);

    private final Class<?> type;
    private final Runnable onMessage;

    /** Where this handler stands in the pipeline; {@code null} if it was not added. */
    private @Nullable ChannelHandlerContext context;

    /** The channel is closed: what the handlers have not seen they will never see. */
    private boolean closed;

    /** The program wants nothing more. */
    private boolean discarding;

    /**
     * @param type of the messages for the program
     * @param onMessage told of each message, and of the end
     */
    Inbox(Class<?> type, Runnable onMessage) {
        this.type = type;
        this.onMessage = onMessage;
    }

    /** A failure where a message would have been. */
    private record Failed(Throwable cause) {}

    /** Whether there is something to {@link #take()}; has the handlers work on what is held until there is. */
    boolean offersMore() {
        while (ready.isEmpty()) {
            Object next = held.poll();
            if (next == null) {
                return false;
            }
            forward(next);
            if (held.isEmpty() && context != null) {
                context.fireChannelReadComplete();
            }
        }
        return true;
    }

    /** The next message for the program, or throws the failure that stands in its place. */
    Object take() throws Throwable {
        Object next = ready.remove();
        if (next instanceof Failed failed) {
            throw failed.cause() instanceof DecoderException failure
                    ? new DecodeException("the peer sent what cannot be decoded: " + failure.getMessage(), failure)
                    : failed.cause();
        }
        return next;
    }

    /** A message has come through all handlers. */
    void add(Object message) {
        if (discarding) {
            ReferenceCountUtil.release(message);
        } else if (type.isInstance(message)) {
            put(message);
        } else {
            UnsupportedMessageTypeException unexpected = new UnsupportedMessageTypeException(message, type);
            ReferenceCountUtil.release(message);
            addFailure(unexpected);
        }
    }

    private void put(Object next) {
        ready.add(next);
        onMessage.run();
    }

    /** A failure that no handler has taken. */
    void addFailure(Throwable cause) {
        if (!discarding) {
            put(new Failed(cause));
        }
    }

    /** The channel is closed: releases what was held, and whatever would be. What is ready can still be taken. */
    void dropHeld() {
        closed = true;
        release(held);
    }

    /** Releases everything, and whatever comes from now on. */
    void discard() {
        discarding = true;
        dropHeld();
        release(ready);
    }

    private static void release(ArrayDeque<Object> messages) {
        messages.forEach(ReferenceCountUtil::release);
        messages.clear();
    }

    /** No message will come any more. */
    void end() {
        onMessage.run();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (mustHold()) {
            hold(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (mustHold()) {
            hold(new Failed(cause));
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private boolean mustHold() {
        return !(ready.isEmpty() && held.isEmpty());
    }

    private void hold(Object next) {
        if (closed) {
            ReferenceCountUtil.release(next);
        } else {
            held.add(next);
        }
    }

    private void forward(Object next) {
        ChannelHandlerContext ctx = context;
        assert ctx != null : "only a handler that was added holds messages";
        if (next instanceof Failed failed) {
            ctx.fireExceptionCaught(failed.cause());
        } else {
            ctx.fireChannelRead(next);
        }
    }
}
