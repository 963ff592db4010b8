package io.samovar.transport.nio;

import static java.nio.channels.SelectionKey.OP_ACCEPT;

import io.samovar.net.NetworkException;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** A TCP listener over a {@link ServerSocketChannel}. */
final class NioListenSocket extends NioSocket<ServerSocketChannel> implements ListenSocket {
    private final InetSocketAddress localAddress;

    /** A connection may be waiting. */
    private boolean mayAccept;

    private NioListenSocket(NioTransport transport, ServerSocketChannel channel) throws IOException {
        super(transport, channel);
        localAddress = (InetSocketAddress) channel.getLocalAddress();
        arm(OP_ACCEPT);
    }

    static NioListenSocket open(NioTransport transport, ListenOptions options) {
        NioErrors.checkResolved(options.address());
        String doing = "listen on " + options.address();
        boolean ipv4Only = !options.dualStack() && options.address().getAddress() instanceof Inet4Address;
        if (!options.dualStack() && !ipv4Only && options.address().getAddress().isAnyLocalAddress()) {
            throw new UnsupportedOperationException(
                    doing + ": the JDK's sockets cannot listen on a wildcard address of IPv6 and"
                            + " leave IPv4 alone: listen on both with one socket (dualStack), or use another transport");
        }
        ServerSocketChannel channel;
        try {
            channel = ipv4Only ? ServerSocketChannel.open(StandardProtocolFamily.INET) : ServerSocketChannel.open();
        } catch (IOException failed) {
            throw NioErrors.translate("open a socket", failed);
        }
        try {
            bind(channel, options);
            return new NioListenSocket(transport, channel);
        } catch (IOException failed) {
            closeChannel(channel);
            throw NioErrors.translate(doing, failed);
        } catch (UnsupportedAddressTypeException failed) {
            closeChannel(channel);
            throw NioErrors.translate(doing, failed);
        } catch (RuntimeException failed) {
            closeChannel(channel);
            throw failed;
        }
    }

    /** Over a channel that listens already, which becomes the socket's. */
    static NioListenSocket adopt(NioTransport transport, ServerSocketChannel channel) {
        try {
            channel.configureBlocking(false);
            return new NioListenSocket(transport, channel);
        } catch (IOException failed) {
            closeChannel(channel);
            throw NioErrors.translate("take over a listener", failed);
        }
    }

    private static void bind(ServerSocketChannel channel, ListenOptions options) throws IOException {
        channel.configureBlocking(false);
        if (!NioErrors.WINDOWS) { // there it would let any process take over the port
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }
        if (options.reusePort()) {
            if (!channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                throw new UnsupportedOperationException(
                        "SO_REUSEPORT is not supported on this system: listen without reusePort");
            }
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        channel.bind(options.address(), options.backlog());
    }

    @Override
    void ready(int ops) {
        if (mayAccept) {
            disarm(OP_ACCEPT); // nobody has taken all that was reported before: do not report it again and again
            return;
        }
        mayAccept = true;
        tell(true, false);
    }

    @Override
    public @Nullable StreamSocket accept() {
        checkOpen("accept");
        if (!mayAccept) {
            return null;
        }
        SocketChannel accepted;
        try {
            accepted = transport.withDescriptor(this::take);
        } catch (NetworkException failed) {
            // What is queued is still there: mayAccept stays for the next try, and the selector need not tell of it.
            disarm(OP_ACCEPT);
            throw failed;
        }
        if (accepted == null) {
            mayAccept = false;
            arm(OP_ACCEPT);
            return null;
        }
        return NioStreamSocket.accepted(transport, accepted);
    }

    private @Nullable SocketChannel take() {
        try {
            return channel.accept();
        } catch (IOException failed) {
            throw NioErrors.translate("accept", failed);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        super.close();
        transport.flush(); // else the port stays taken, and connections are still queued
    }
}
