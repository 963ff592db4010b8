package io.samovar.transport.kqueue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.kqueue.KQueueIoEvent;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueIoOps;
import io.samovar.transport.TransportContext;
import io.samovar.transport.netty.NativeSocket;
import io.samovar.transport.netty.NativeTransport;
import java.util.ArrayDeque;

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
    private static final KQueueIoOps DELETE_READ = KQueueIoOps.newOps(EVFILT_READ, EV_DELETE, 0);
    private static final KQueueIoOps DELETE_WRITE = KQueueIoOps.newOps(EVFILT_WRITE, EV_DELETE, 0);

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
                next.registration().submit(next.ops());
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

    /** A change that is not made yet. */
    private record Change(IoRegistration registration, KQueueIoOps ops) {}

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
