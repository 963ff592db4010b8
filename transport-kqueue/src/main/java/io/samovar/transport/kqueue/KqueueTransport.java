package io.samovar.transport.kqueue;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoEvent;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueIoOps;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.unix.Socket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.TransportContext;
import io.samovar.transport.Watch;
import io.samovar.transport.netty.ChannelTypes;
import io.samovar.transport.netty.NativeSocket;
import io.samovar.transport.netty.NativeTransport;
import io.samovar.transport.netty.NativeWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One loop's kqueue: each descriptor gets its two filters once, with {@code EV_CLEAR}, which is kqueue's edge.
 *
 * <p>Netty keeps kqueue's constants to itself; these are those of macOS, FreeBSD and OpenBSD.
 */
final class KqueueTransport extends NativeTransport {
    private static final short EVFILT_READ = -1;
    private static final short EVFILT_WRITE = -2;
    private static final short EV_ADD = 0x1;
    private static final short EV_DELETE = 0x2;
    private static final short EV_CLEAR = 0x20;
    private static final short EV_EOF = (short) 0x8000;

    private static final short EDGE = EV_ADD | EV_CLEAR;

    private static final KQueueIoOps ADD_READ = KQueueIoOps.newOps(EVFILT_READ, EDGE, 0);
    private static final KQueueIoOps ADD_WRITE = KQueueIoOps.newOps(EVFILT_WRITE, EDGE, 0);
    private static final KQueueIoOps ADD_READ_LEVEL = KQueueIoOps.newOps(EVFILT_READ, EV_ADD, 0);
    private static final KQueueIoOps ADD_WRITE_LEVEL = KQueueIoOps.newOps(EVFILT_WRITE, EV_ADD, 0);
    private static final KQueueIoOps DELETE_READ = KQueueIoOps.newOps(EVFILT_READ, EV_DELETE, 0);
    private static final KQueueIoOps DELETE_WRITE = KQueueIoOps.newOps(EVFILT_WRITE, EV_DELETE, 0);

    /** The answer for a descriptor that is surely not open. */
    private static final @Nullable String NOT_OPEN = answerFor(Integer.MAX_VALUE);

    /**
     * Changes that are handed to Netty between two waits. Its list holds 4,096 and is broken beyond (Netty 4.2.18 and before:
     * {@code KQueueEventArray.realloc} forgets to note the new capacity, and the next write is past the end of the memory);
     * half of that is left to Netty's own channels.
     */
    private static final int MAX_CHANGES = 2048;

    /** Changes that wait because Netty's list is as full as we dare, in their order. */
    private final ArrayDeque<Change> later = new ArrayDeque<>();

    /** Changes handed to Netty since the last wait began. */
    private int changes;

    KqueueTransport(TransportContext context) {
        super("kqueue", KQueueIoHandler.newFactory(), context);
    }

    @Override
    protected ChannelTypes channelTypes() {
        return new ChannelTypes(
                KQueueSocketChannel.class,
                KQueueServerSocketChannel.class,
                KQueueDatagramChannel.class,
                KQueueDomainSocketChannel.class,
                KQueueServerDomainSocketChannel.class);
    }

    @Override
    protected IoHandle handleFor(NativeSocket socket) {
        return new Handle(socket);
    }

    @Override
    public void poll(long timeoutNanos) {
        long timeout = timeoutNanos;
        while (!later.isEmpty()) {
            timeout = 0; // the polls in between may have given the loop something to run
            changes = 0;
            super.poll(0); // takes what Netty has to the kernel
            while (changes < MAX_CHANGES && !later.isEmpty()) {
                Change next = later.remove();
                changes++;
                next.make();
            }
        }
        changes = 0; // what listeners change from here on is for the next wait
        super.poll(timeout);
    }

    /** The order of changes matters, for a descriptor's number may have had several owners. */
    private void change(IoRegistration registration, KQueueIoOps ops) {
        if (changes < MAX_CHANGES && later.isEmpty()) {
            changes++;
            registration.submit(ops);
        } else {
            later.add(new Change(registration, ops));
        }
    }

    /**
     * A change that is not made yet.
     *
     * @param ops {@code null} to cancel the registration, behind its last changes: Netty drops those of a cancelled one
     */
    private record Change(
            IoRegistration registration, @Nullable KQueueIoOps ops) {
        void make() {
            if (ops == null) {
                registration.cancel();
            } else {
                registration.submit(ops);
            }
        }
    }

    @Override
    protected void arm(IoRegistration registration) {
        change(registration, ADD_READ);
        change(registration, ADD_WRITE);
    }

    @Override
    protected void beforeClose(IoRegistration registration) {
        // The changes are made at the next wait, when the descriptor's number may have a new owner: they come before
        // that one's EV_ADD in the list, so they can do no harm, and a kqueue that does not drop closed descriptors
        // needs them.
        change(registration, DELETE_READ);
        change(registration, DELETE_WRITE);
    }

    @Override
    public Watch watch(int descriptor, ReadinessListener listener) {
        if (descriptor == 0) {
            throw new UnsupportedOperationException(
                    "transport kqueue cannot watch descriptor 0, for Netty has another use"
                            + " for that number: duplicate it and watch the other one");
        }
        return super.watch(descriptor, listener);
    }

    @Override
    protected IoHandle handleFor(NativeWatch watch) {
        return new WatchHandle(watch);
    }

    @Override
    protected void follow(IoRegistration registration, NativeWatch watch, boolean reading, boolean writing) {
        checkOpen(watch.fd().intValue());
        change(registration, watch, reading, writing);
    }

    private void change(IoRegistration registration, NativeWatch watch, boolean reading, boolean writing) {
        if (reading) {
            change(registration, ADD_READ_LEVEL); // even if it is there, see NativeWatch
        } else if (watch.reading()) {
            change(registration, DELETE_READ);
        }
        if (writing) {
            change(registration, ADD_WRITE_LEVEL);
        } else if (watch.writing()) {
            change(registration, DELETE_WRITE);
        }
    }

    @Override
    protected void unfollow(IoRegistration registration, NativeWatch watch) {
        change(registration, watch, false, false);
        if (later.isEmpty()) {
            registration.cancel();
        } else {
            later.add(new Change(registration, null));
        }
    }

    /** The changes are made at the next wait, and Netty drops what the kernel says to them. */
    private static void checkOpen(int descriptor) {
        String answer = answerFor(descriptor);
        if (answer != null && answer.equals(NOT_OPEN)) {
            throw new UncheckedIOException(new IOException(answer));
        }
    }

    /**
     * What the system answers when a descriptor is asked for its address, if that fails: it is open and no socket, or it is not
     * open. In the language of the user, and without the number of the error.
     */
    private static @Nullable String answerFor(int descriptor) {
        try {
            Socket unused = new Socket(descriptor);
            return null;
        } catch (ChannelException failed) {
            return failed.getMessage();
        }
    }

    /** How Netty's handler knows a watch. */
    private record WatchHandle(NativeWatch watch) implements KQueueIoHandle {
        @Override
        public int ident() {
            return watch.fd().intValue();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            short filter = ((KQueueIoEvent) event).filter();
            watch.event(filter == EVFILT_READ, filter == EVFILT_WRITE);
        }

        @Override
        public void close() {
            // the transport is closed, but the descriptor is not its own
        }
    }

    /** How Netty's handler knows a socket. */
    private record Handle(NativeSocket socket) implements KQueueIoHandle {
        @Override
        public int ident() {
            return socket.fd().intValue();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            KQueueIoEvent kevent = (KQueueIoEvent) event;
            // EV_EOF may come with bytes to read, on either filter: the operations find out what it means.
            boolean eof = (kevent.flags() & EV_EOF) != 0;
            socket.event(kevent.filter() == EVFILT_READ || eof, kevent.filter() == EVFILT_WRITE || eof, eof);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
