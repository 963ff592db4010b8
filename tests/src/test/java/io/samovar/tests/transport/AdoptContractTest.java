package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.net.NetworkException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be taken over is refused, and stays as it was. (SocketActivationTest tells of what can.) */
@EnabledOnOs(OS.LINUX)
class AdoptContractTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int NOT_OPEN = 65_000;

    @TempDir
    private Path directory;

    private static boolean canAdopt(TransportProvider provider) {
        return !provider.name().equals("nio");
    }

    private static Set<Integer> open(String target) throws IOException {
        Set<Integer> numbers = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                try {
                    if (Files.readSymbolicLink(descriptor).toString().startsWith(target)) {
                        numbers.add(Integer.parseInt(descriptor.getFileName().toString()));
                    }
                } catch (IOException closedMeanwhile) {
                    // not the one that is looked for
                }
            }
        }
        return numbers;
    }

    /** The number of the descriptor that {@code opening} opens. */
    private static int numberOf(Callable<? extends Channel> opening, String target, Channel[] opened) throws Exception {
        Set<Integer> before = open(target);
        opened[0] = opening.call();
        Set<Integer> after = open(target);
        after.removeAll(before);
        assertThat(after).hasSize(1);
        return after.iterator().next();
    }

    private static void assertRefused(
            TransportProvider provider, int number, Class<? extends RuntimeException> as, String message) {
        try (Driver driver = new Driver(provider)) {
            for (int i = 0; i < 2; i++) { // the first try has left it as it was
                if (canAdopt(provider)) {
                    assertThatThrownBy(() -> driver.transport().adopt(number))
                            .isInstanceOf(as)
                            .hasMessageContaining(message);
                } else {
                    assertThatThrownBy(() -> driver.transport().adopt(number))
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("Java can take over standard input (0) only");
                }
            }
        }
    }

    @TransportTest
    void aNumberThatIsNotOpen(TransportProvider provider) {
        assertRefused(provider, NOT_OPEN, NetworkException.class, "take over descriptor 65000: ");
    }

    @TransportTest
    void aFile(TransportProvider provider) throws Exception {
        Path path = directory.resolve("file");
        Channel[] opened = new Channel[1];
        int number = numberOf(
                () -> FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                path.toString(),
                opened);
        assertRefused(provider, number, NetworkException.class, "take over descriptor " + number + ": ");
        try (FileChannel file = (FileChannel) opened[0]) {
            assertThat(file.write(ByteBuffer.wrap(new byte[3]))).isEqualTo(3);
        }
    }

    @TransportTest
    void aSocketThatDoesNotListen(TransportProvider provider) throws Exception {
        Channel[] opened = new Channel[1];
        int number = numberOf(SocketChannel::open, "socket:", opened);
        assertRefused(provider, number, UnsupportedOperationException.class, "is a socket that does not listen");
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.v4(0));
                SocketChannel socket = (SocketChannel) opened[0]) {
            assertThat(socket.connect(listener.getLocalAddress())).isTrue();
        }
    }

    @TransportTest
    void aSocketForDatagrams(TransportProvider provider) throws Exception {
        Channel[] opened = new Channel[1];
        int number = numberOf(() -> DatagramChannel.open().bind(Loopback.v4(0)), "socket:", opened);
        assertRefused(provider, number, UnsupportedOperationException.class, "is a socket that does not listen");
        opened[0].close();
    }

    @TransportTest
    void aListenerThatIsNotOfTcp(TransportProvider provider) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        Channel[] opened = new Channel[1];
        int number = numberOf(
                () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address), "socket:", opened);
        assertRefused(provider, number, UnsupportedOperationException.class, "is no TCP socket");
        try (SocketChannel socket = SocketChannel.open(address)) {
            assertThat(socket.isConnected()).isTrue();
        }
        opened[0].close();
    }
}
