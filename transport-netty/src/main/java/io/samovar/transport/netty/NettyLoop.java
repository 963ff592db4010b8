package io.samovar.transport.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.samovar.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Netty's side of a loop: where ordinary Netty channels live on the same thread as coroutines, without a lock between them.
 *
 * <p>Give a bootstrap, or a library that stands on Netty, the {@link #eventLoop()} and the class of channel that goes with it.
 * The futures that they return can be awaited.
 *
 * <pre>{@code
 * NettyLoop netty = NettyLoop.current();
 * ServerBootstrap http = new ServerBootstrap()
 *         .group(netty.eventLoop())
 *         .channel(netty.serverSocketChannel())
 *         .childHandler(new HttpInitializer());
 * await(http.bind(8080));
 * }</pre>
 *
 * <p>What runs in a channel's handlers runs inside the loop's poll: it must not block, as a coroutine must not. So a library's
 * blocking calls ({@code sync()}, gRPC's {@code Server.start()}, Lettuce's {@code sync()} commands) go to {@link
 * io.samovar.Async#toThread}, or they wait for themselves. Nobody but Samovar may shut the event loop down; closing the loop
 * closes the channels that are still open. Any thread may hold one of these; {@link #of} and {@link #current} belong to the
 * loop's.
 *
 * <p>The first use gives Netty a random {@code io.netty.machineId}, unless the program has set one: else the first channel of
 * a process looks at every network interface, which has been seen to stop a loop for seconds.
 */
public final class NettyLoop {
    private final NettyTransport transport;
    private final ChannelTypes types;

    private NettyLoop(NettyTransport transport) {
        this.transport = transport;
        this.types = transport.channelTypes();
    }

    /**
     * Netty's side of the loop that is running in this thread.
     *
     * @throws IllegalStateException if there is none
     * @throws NoNettyLoopException if its transport is not driven by Netty
     */
    public static NettyLoop current() {
        return of(EventLoop.current());
    }

    /**
     * Netty's side of a loop.
     *
     * @throws NoNettyLoopException if its transport is not driven by Netty
     */
    public static NettyLoop of(EventLoop loop) {
        NettyTransport transport = loop.transport().unwrap(NettyTransport.class);
        if (transport == null) {
            throw new NoNettyLoopException("no Netty channel can live on this loop, because its transport \""
                    + loop.transport().name() + "\" is not driven by Netty: run the program on epoll, kqueue or nio");
        }
        MachineId.choose();
        transport.own(); // what is made for the channels before the loop first polls is made on the right thread
        return new NettyLoop(transport);
    }

    /**
     * Netty's event loop; it is an {@code EventLoopGroup} of one, too. (Netty and Samovar both call a type {@code
     * EventLoop}: import one of the two by name.)
     */
    public IoEventLoop eventLoop() {
        return transport.ioEventLoop();
    }

    /** The class of TCP connections to be made. */
    public Class<? extends SocketChannel> socketChannel() {
        return types.socket();
    }

    /** The class of TCP listeners. */
    public Class<? extends ServerSocketChannel> serverSocketChannel() {
        return types.serverSocket();
    }

    /** The class of UDP sockets. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return types.datagram();
    }

    /**
     * The class of connections to Unix domain sockets.
     *
     * @throws UnsupportedOperationException on NIO
     */
    public Class<? extends DomainSocketChannel> domainSocketChannel() {
        return ofMechanism(types.domainSocket());
    }

    /**
     * The class of Unix domain listeners.
     *
     * @throws UnsupportedOperationException on NIO
     */
    public Class<? extends ServerDomainSocketChannel> serverDomainSocketChannel() {
        return ofMechanism(types.serverDomainSocket());
    }

    private <C> Class<? extends C> ofMechanism(@Nullable Class<? extends C> type) {
        if (type == null) {
            throw new UnsupportedOperationException("Netty has no Unix domain sockets of its own for the transport \""
                    + transport.name() + "\": they are there on epoll and kqueue");
        }
        return type;
    }

    @Override
    public String toString() {
        return "NettyLoop(" + transport.name() + ')';
    }
}
