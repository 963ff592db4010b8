package io.samovar.transport.netty;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.ServerDomainSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The classes of Netty channels that go with one mechanism.
 *
 * @param domainSocket {@code null} where Netty has none that takes its own {@code DomainSocketAddress}, as with NIO
 * @param serverDomainSocket likewise
 */
public record ChannelTypes(
        Class<? extends SocketChannel> socket,
        Class<? extends ServerSocketChannel> serverSocket,
        Class<? extends DatagramChannel> datagram,
        @Nullable Class<? extends DomainSocketChannel> domainSocket,
        @Nullable Class<? extends ServerDomainSocketChannel> serverDomainSocket) {}
