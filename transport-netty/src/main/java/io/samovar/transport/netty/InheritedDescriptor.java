package io.samovar.transport.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes over a descriptor that this process was started with.
 *
 * <p>Such a descriptor is usually a blocking one (systemd makes it so), and accept(2) on that would stop the loop. Nothing in Netty or
 * the JDK sets {@code O_NONBLOCK} on a descriptor that it has not made; but Netty does so on one that it receives from another process.
 * So this one is sent to ourselves, over a Unix socket: what arrives is a second descriptor of the same socket, and the mode belongs to
 * the socket.
 */
final class InheritedDescriptor {
    private static final int SOL_SOCKET = NativeErrors.BSD ? 0xffff : 1;
    private static final int SO_ACCEPTCONN = NativeErrors.BSD ? 0x2 : 30;

    /** Room for the peer's address, which nobody looks at. */
    private static final int PEER = 26;

    private InheritedDescriptor() {}

    /**
     * @return a descriptor of the same socket that does not block; the old one is closed
     * @throws IOException if the number is not that of an open socket, which is left alone
     * @throws UnsupportedOperationException if it is no TCP socket that listens, which is left alone
     */
    static Socket takeOver(int number) throws IOException {
        Socket given = listening(number);
        Socket ours = sendToOurselves(given);
        NativeTransport.closeQuietly(given);
        return ours;
    }

    private static Socket listening(int number) throws IOException {
        Socket given;
        boolean listens;
        try {
            given = new Socket(number);
            listens = given.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0;
        } catch (ChannelException noSocket) {
            throw new IOException(noSocket.getMessage(), noSocket);
        }
        if (!listens) {
            throw new UnsupportedOperationException("descriptor " + number + " is a socket that does not listen");
        }
        try {
            boolean unused = given.isTcpNoDelay(); // other protocols do not know it
        } catch (IOException | ChannelException notTcp) {
            throw new UnsupportedOperationException("descriptor " + number + " is no TCP socket", notTcp);
        }
        return given;
    }

    private static Socket sendToOurselves(Socket given) throws IOException {
        Path directory = Files.createTempDirectory("samovar");
        Path path = directory.resolve("s");
        try {
            return sendToOurselves(given, new DomainSocketAddress(path.toFile()));
        } finally {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
        }
    }

    private static Socket sendToOurselves(Socket given, DomainSocketAddress address) throws IOException {
        List<Socket> helpers = new ArrayList<>();
        try {
            Socket listener = opened(helpers, Socket.newSocketDomain());
            listener.bind(address);
            listener.listen(1);
            Socket sender = opened(helpers, Socket.newSocketDomain());
            boolean connected = sender.connect(address);
            Socket receiver = opened(helpers, new Socket(listener.accept(new byte[PEER])));
            int sent = sender.sendFd(given.intValue());
            int received = receiver.recvFd();
            if (!connected || sent <= 0 || received <= 0) {
                throw new IOException("descriptor " + given.intValue() + " could not be duplicated");
            }
            return new Socket(received);
        } finally {
            helpers.forEach(NativeTransport::closeQuietly);
        }
    }

    private static Socket opened(List<Socket> helpers, Socket socket) {
        helpers.add(socket);
        return socket;
    }
}
