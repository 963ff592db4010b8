package io.samovar.transport.nio;

import io.samovar.net.NetworkException;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one descriptor that Java can make a channel of: {@link System#inheritedChannel()}, which is standard input.
 *
 * <p>With {@code StandardInput=socket} systemd passes a single socket there and as descriptor 3; that both are the same can be seen
 * on Linux. When the channel is closed the JDK points standard input, output and error at {@code /dev/null}.
 */
final class InheritedChannel {
    private InheritedChannel() {}

    static ServerSocketChannel of(int descriptor) {
        String doing = "take over descriptor " + descriptor;
        if (!isStandardInput(descriptor)) {
            throw new UnsupportedOperationException(
                    doing + ": Java can take over standard input (0) only. Use the epoll or kqueue"
                            + " transport, or StandardInput=socket in the systemd unit");
        }
        Channel channel;
        try {
            channel = System.inheritedChannel();
        } catch (IOException failed) {
            throw NioErrors.translate(doing, failed);
        }
        if (channel instanceof ServerSocketChannel listener) {
            if (listener.isOpen()) {
                return listener;
            }
            throw new NetworkException(doing + ": it was taken over before, and closed", 0, new IOException(doing));
        }
        throw new UnsupportedOperationException(doing + ": it is no TCP socket that listens");
    }

    private static boolean isStandardInput(int descriptor) {
        if (descriptor == 0) {
            return true;
        }
        Path descriptors = Path.of("/proc/self/fd");
        try {
            Path socket = Files.readSymbolicLink(descriptors.resolve(Integer.toString(descriptor)));
            return socket.toString().startsWith("socket:")
                    && socket.equals(Files.readSymbolicLink(descriptors.resolve("0")));
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
