package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.samovar.net.AddressInUseException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What becomes of file descriptors, and what when there are none. */
class DescriptorContractTest {
    private static final Path OPEN = Path.of("/proc/self/fd");

    /** Descriptors that the JVM itself may open meanwhile, for a class path's jar and the like. */
    private static final int JVMS_OWN = 10;

    @TransportTest
    void aThousandConnectionsLeaveNoDescriptorOpen(TransportProvider provider) throws IOException {
        assumeTrue(Files.isDirectory(OPEN), "descriptors can be counted on Linux only");
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(4)) {
            listener.listener(new Events());
            openAndClose(driver, listener, 10);
            long before = openDescriptors();
            openAndClose(driver, listener, 500);
            assertThat(openDescriptors()).isLessThan(before + JVMS_OWN);
        }
    }

    /** Each time a connection that ends in one of several ways, one that fails, and a listener that does. */
    private static void openAndClose(Driver driver, ListenSocket listener, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Pair pair = Pair.accepted(driver, listener)) {
                end(pair, i);
            }
            StreamSocket socket = driver.transport().stream();
            try (Socket bound = new Socket()) {
                bound.bind(Loopback.v4(0));
                Pair.connect(driver, socket, new Events(), (InetSocketAddress) bound.getLocalSocketAddress());
            } catch (ConnectionRefusedException expected) {
                socket.close();
            }
            driver.transport().stream().close();
            assertThatThrownBy(() -> driver.listen(listener.localAddress(), 1))
                    .isInstanceOf(AddressInUseException.class);
        }
        driver.transport().poll(0);
    }

    private static void end(Pair pair, int way) throws IOException {
        switch (way % 4) {
            case 0 -> pair.ours.reset();
            case 1 -> pair.resetByPeer();
            case 2 -> {
                pair.peer.shutdownOutput();
                pair.receiveEnd();
                pair.ours.reset();
            }
            default -> {
                assertThat(pair.write(1)).isEqualTo(1);
                pair.ours.shutdownOutput();
                assertThat(pair.peer.getInputStream().readAllBytes()).containsExactly(1);
                pair.resetByPeer();
            }
        }
    }

    @TransportTest
    void aTransportLeavesNoDescriptorOpen(TransportProvider provider) throws IOException {
        assumeTrue(Files.isDirectory(OPEN), "descriptors can be counted on Linux only");
        openTransports(provider, 2);
        long before = openDescriptors();
        openTransports(provider, 20);
        assertThat(openDescriptors()).isLessThan(before + JVMS_OWN);
    }

    /** Leaves it to the transport to close its sockets. */
    private static void openTransports(TransportProvider provider, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Driver driver = new Driver(provider)) {
                ListenSocket listener = driver.listen(4);
                listener.listener(new Events());
                Pair accepted = Pair.accepted(driver, listener);
                driver.transport().stream();
                driver.transport().stream().bind(Loopback.v4(0));
                accepted.peer.close();
            }
        }
    }

    /** Netty's kqueue hands all changes since the last wait to the kernel at once; here they are more than its list holds. */
    @TransportTest
    void thousandsOfSocketsMayBeOpenedAndClosedBetweenTwoPolls(TransportProvider provider) throws IOException {
        int servers = 21;
        int each = 100;
        assumeTrue(descriptorLimit() > servers * each + 500, "this process may not open so many sockets");
        List<ServerSocket> peers = new ArrayList<>();
        List<StreamSocket> sockets = new ArrayList<>();
        try (Driver driver = new Driver(provider)) {
            driver.settle();
            for (int i = 0; i < servers; i++) {
                ServerSocket peer = new ServerSocket(0, 2 * each, Loopback.V4);
                peers.add(peer);
                for (int j = 0; j < each; j++) {
                    StreamSocket socket = driver.transport().stream();
                    sockets.add(socket);
                    socket.listener(new Events());
                    socket.connect((InetSocketAddress) peer.getLocalSocketAddress());
                }
            }
            driver.pollUntil("all connections", () -> sockets.stream().allMatch(StreamSocket::finishConnect));
            sockets.forEach(StreamSocket::reset);
            try (Pair next = Pair.accepted(driver)) {
                next.peer.getOutputStream().write(1);
                assertThat(next.receive(1)).containsExactly(1);
            }
            driver.settle();
            assertThat(driver.failures).isEmpty();
        } finally {
            for (ServerSocket peer : peers) {
                peer.close();
            }
        }
    }

    private static long descriptorLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : 0;
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(OPEN)) {
            return open.count();
        }
    }

    /** In a JVM of its own, see {@link Starvation}. */
    @TransportTest
    void aProcessWithoutDescriptorsGoesOnAndAcceptsLater(TransportProvider provider) throws Exception {
        assumeTrue(Files.isDirectory(OPEN), "ulimit -n is known to be obeyed on Linux only");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-ea");
        // What would have the JVM itself open files at any time, to look at the memory that is left.
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.add("-XX:-UseContainerSupport");
        command.add("-XX:-UseDynamicNumberOfCompilerThreads");
        command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (KqueueShim.isRequested()) {
            command.add("-Dsamovar.test.kqueue=true");
        }
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Starvation.class.getName(), provider.name()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(Starvation.DONE);
    }
}
