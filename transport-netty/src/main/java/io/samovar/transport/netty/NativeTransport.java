package io.samovar.transport.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.samovar.transport.Errno;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportContext;
import io.samovar.transport.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transport over Netty's native sockets: all of epoll and kqueue but for arming a descriptor and reading an event.
 */
public abstract class NativeTransport extends NettyTransport {
    /** Buffers of one gathering write: {@code IOV_MAX} of Linux and the BSDs. */
    static final int MAX_GATHER = 1024;

    /** Filled anew for each gathering write; {@code null} until the first one. */
    private @Nullable IovArray iovArray;

    /** The descriptors of the sockets that are open here. */
    private final BitSet sockets = new BitSet();

    /** What is watched here, by descriptor. */
    private final Map<Integer, NativeWatch> watches = new HashMap<>();

    protected NativeTransport(String name, IoHandlerFactory factory, TransportContext context) {
        super(name, factory, context);
        Errno.ofMessage(""); // loads the exceptions now: when descriptors have run out, a class file cannot be opened
    }

    /** The handle by which Netty's I/O handler knows a socket; its events go to {@link NativeSocket#event}. */
    protected abstract IoHandle handleFor(NativeSocket socket);

    /** Asks for every event of a descriptor, once and edge-triggered. */
    protected abstract void arm(IoRegistration registration);

    /** Called before the descriptor of an armed registration is closed. */
    protected void beforeClose(IoRegistration registration) {}

    /** The handle by which Netty's I/O handler knows a watch; its events go to {@link NativeWatch#event}. */
    protected abstract IoHandle handleFor(NativeWatch watch);

    /**
     * Asks for events of a watched descriptor, level-triggered, whatever was asked for before; the watch still says what that was.
     *
     * @throws UncheckedIOException if the system refuses
     */
    protected abstract void follow(IoRegistration registration, NativeWatch watch, boolean reading, boolean writing);

    /** Asks for no more events of a watched descriptor, which stays open, and cancels the registration. */
    protected abstract void unfollow(IoRegistration registration, NativeWatch watch);

    @Override
    public Watch watch(int descriptor, ReadinessListener listener) {
        return new NativeWatch(this, descriptor, listener);
    }

    @Override
    public final StreamSocket stream() {
        try {
            return new NativeStreamSocket(this, Socket.newSocketStream(), null);
        } catch (ChannelException failed) {
            throw socketFailed(failed);
        }
    }

    @Override
    public final ListenSocket listen(ListenOptions options) {
        NativeErrors.checkResolved(options.address());
        Socket fd;
        try {
            fd = ListenDescriptor.open(options);
        } catch (ChannelException failed) {
            throw socketFailed(failed);
        }
        String doing = "listen on " + options.address();
        try {
            ListenDescriptor.bindAndListen(fd, options);
        } catch (IOException failed) {
            closeQuietly(fd);
            throw NativeErrors.translate(doing, failed);
        } catch (RuntimeException failed) {
            closeQuietly(fd);
            throw failed;
        }
        return listening(fd, options.address(), doing);
    }

    @Override
    public final ListenSocket adopt(int descriptor) {
        String doing = "take over descriptor " + descriptor;
        try {
            return listening(InheritedDescriptor.takeOver(descriptor), null, doing);
        } catch (ChannelException failed) {
            throw socketFailed(failed);
        } catch (IOException failed) {
            throw NativeErrors.translate(doing, failed);
        }
    }

    /**
     * @param address where it listens, if the kernel should not say
     */
    private ListenSocket listening(Socket fd, @Nullable InetSocketAddress address, String doing) {
        InetSocketAddress bound = fd.localAddress();
        NativeListenSocket socket =
                new NativeListenSocket(this, fd, bound == null && address != null ? address : bound);
        socket.arm(doing);
        return socket;
    }

    static void closeQuietly(Socket fd) {
        try {
            fd.close();
        } catch (IOException alreadyGone) {
            // close(2) frees the descriptor whatever it returns
        }
    }

    /** Makes a socket known to Netty's handler, which closes it with the transport. It is not armed yet. */
    final IoRegistration attach(NativeSocket socket) {
        int descriptor = socket.fd().intValue();
        if (!watches.isEmpty()) {
            NativeWatch stale = watches.remove(descriptor);
            if (stale != null) {
                stale.descriptorWasClosed(); // or its number would not be free
            }
        }
        try {
            IoRegistration registration = register(handleFor(socket));
            sockets.set(descriptor);
            return registration;
        } catch (RuntimeException failed) {
            closeQuietly(socket.fd());
            throw failed;
        }
    }

    /** The descriptor of a socket was closed, and its number may stand for another one. */
    final void closed(Socket fd) {
        sockets.clear(fd.intValue());
    }

    /** Makes a watch known to Netty's handler. It is not followed yet. */
    final IoRegistration attach(NativeWatch watch) {
        int descriptor = watch.fd().intValue();
        if (watches.putIfAbsent(descriptor, watch) != null) {
            throw new IllegalStateException("descriptor " + descriptor + " is watched already");
        }
        try {
            return register(handleFor(watch));
        } catch (RuntimeException failed) {
            watches.remove(descriptor);
            throw failed;
        }
    }

    final void detach(NativeWatch watch) {
        watches.remove(watch.fd().intValue(), watch);
    }

    final void listenerThrew(Throwable failure) {
        listenerFailed(failure);
    }

    final boolean isSocket(FileDescriptor fd) {
        return sockets.get(fd.intValue());
    }

    final IovArray emptyIovArray() {
        IovArray array = iovArray;
        if (array == null) {
            array = iovArray = new IovArray(MAX_GATHER);
        }
        array.clear();
        return array;
    }

    @Override
    protected final void released() {
        if (iovArray != null) {
            iovArray.release();
            iovArray = null;
        }
    }

    private static RuntimeException socketFailed(ChannelException failed) {
        return failed.getCause() instanceof IOException cause ? NativeErrors.translate("open a socket", cause) : failed;
    }
}
