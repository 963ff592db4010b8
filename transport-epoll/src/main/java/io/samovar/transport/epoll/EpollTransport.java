package io.samovar.transport.epoll;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.samovar.transport.TransportContext;
import io.samovar.transport.netty.ChannelTypes;
import io.samovar.transport.netty.NativeSocket;
import io.samovar.transport.netty.NativeTransport;
import io.samovar.transport.netty.NativeWatch;

/** One loop's epoll: each descriptor is added once, edge-triggered, with interest in everything. */
final class EpollTransport extends NativeTransport {
    private static final int IN = EpollIoOps.EPOLLIN.value();
    private static final int OUT = EpollIoOps.EPOLLOUT.value();
    private static final int ERR = EpollIoOps.EPOLLERR.value();
    private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();
    /** Both directions are shut down or the connection is broken. Always reported; Netty has no constant for it. */
    private static final int HUP = 0x10;

    /**
     * TCP urgent data. recv(2) stops at its mark, so from then on a short read does not mean "drained", and no edge tells of
     * what lies behind.
     */
    private static final int PRI = 0x2;

    private static final EpollIoOps EVERYTHING = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.valueOf(PRI))
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);

    private static final EpollIoOps IN_OR_OUT = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

    /**
     * Events of one wait, so few that what an event has touched of a connection, in the kernel and here, is in the processor's second-level
     * cache still when its task runs: with a thousand ready at once that is two to four percent of all that a message costs.
     */
    private static final int MAX_EVENTS = 64;

    EpollTransport(TransportContext context) {
        super("epoll", EpollIoHandler.newFactory(MAX_EVENTS, DefaultSelectStrategyFactory.INSTANCE), context);
    }

    @Override
    protected ChannelTypes channelTypes() {
        return new ChannelTypes(
                EpollSocketChannel.class,
                EpollServerSocketChannel.class,
                EpollDatagramChannel.class,
                EpollDomainSocketChannel.class,
                EpollServerDomainSocketChannel.class);
    }

    @Override
    protected IoHandle handleFor(NativeSocket socket) {
        return new Handle(socket);
    }

    @Override
    protected void arm(IoRegistration registration) {
        registration.submit(EVERYTHING);
    }

    @Override
    protected IoHandle handleFor(NativeWatch watch) {
        return new WatchHandle(watch);
    }

    @Override
    protected void follow(IoRegistration registration, NativeWatch watch, boolean reading, boolean writing) {
        registration.submit(!writing ? EpollIoOps.EPOLLIN : !reading ? EpollIoOps.EPOLLOUT : IN_OR_OUT);
    }

    @Override
    protected void unfollow(IoRegistration registration, NativeWatch watch) {
        // Not submit(NONE), after which Netty 4.2.18 cannot add the descriptor again.
        registration.cancel();
    }

    /** How Netty's handler knows a watch. */
    private record WatchHandle(NativeWatch watch) implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return watch.fd();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            int ops = ((EpollIoEvent) event).ops().value();
            watch.event((ops & (IN | ERR | HUP)) != 0, (ops & (OUT | ERR | HUP)) != 0);
        }

        @Override
        public void close() {
            // the transport is closed, but the descriptor is not its own
        }
    }

    /** How Netty's handler knows a socket. */
    private record Handle(NativeSocket socket) implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket.fd();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            int ops = ((EpollIoEvent) event).ops().value();
            socket.event(
                    (ops & (IN | RDHUP | ERR | HUP)) != 0,
                    (ops & (OUT | ERR | HUP)) != 0,
                    (ops & (RDHUP | ERR | HUP | PRI)) != 0);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
