package io.samovar.tests.transport;

import static io.samovar.tests.transport.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.NetworkException;
import io.samovar.net.OutOfResourcesException;
import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.transport.Errno;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transports;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Uses up all descriptors of its process, which should have few. The argument names the transport. */
final class Starvation {
    /** The last line when all went well. */
    static final String DONE = "starved, fed and done";

    private static final int QUEUED = 5;

    /** Connections that are closed for others, twice as many: the JVM itself may take a descriptor at any time. */
    private static final int REPLACED = 2;

    private Starvation() {}

    public static void main(String[] args) throws IOException {
        KqueueShim.installIfRequested();
        try (Driver driver = new Driver(Transports.select(args[0]));
                ListenSocket listener = driver.listen(2 * QUEUED)) {
            Events events = new Events();
            listener.listener(events);
            rehearse(driver, listener);
            try (Pair existing = Pair.accepted(driver, listener)) {
                List<Pair> leaving = new ArrayList<>();
                for (int i = 0; i < 2 * REPLACED; i++) {
                    leaving.add(Pair.accepted(driver, listener));
                }
                List<Socket> queued = new ArrayList<>();
                for (int i = 0; i < QUEUED; i++) {
                    queued.add(new Socket(Loopback.V4, listener.localAddress().getPort()));
                }
                driver.settle();
                List<AutoCloseable> food = takeAllDescriptors();
                starve(driver, listener, existing, food);
                replace(leaving, listener, queued);
                food.subList(0, 2 * QUEUED).forEach(Starvation::close);
                takeAll(listener, queued);
                food.forEach(Starvation::close);
                leaving.forEach(Pair::close);
            }
        }
        System.out.println(DONE);
    }

    /** Loads the classes that failures need: there is no descriptor for a class file when they come. */
    private static void rehearse(Driver driver, ListenSocket listener) throws IOException {
        try (Socket bound = new Socket();
                StreamSocket socket = driver.transport().stream()) {
            bound.bind(Loopback.v4(0));
            InetSocketAddress nobody = (InetSocketAddress) bound.getLocalSocketAddress();
            assertFails(
                    () -> Pair.connect(driver, socket, new Events(), nobody),
                    ConnectionRefusedException.class,
                    Errno.ECONNREFUSED,
                    "connect to " + nobody);
        }
        assertThatThrownBy(() -> {
                    throw new OutOfResourcesException("rehearsal", 0, new IOException());
                })
                .isInstanceOf(NetworkException.class);
        try (Pair pair = Pair.accepted(driver, listener)) {
            exchange(pair.write(1), pair);
            driver.pollsDuring(ReadinessContractTest.A_WHILE);
        }
    }

    private static List<AutoCloseable> takeAllDescriptors() {
        List<AutoCloseable> taken = new ArrayList<>();
        try {
            while (taken.size() < 10_000) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            return taken;
        }
        throw new AssertionError("this process may open more than 10,000 files: give it a limit");
    }

    private static void starve(Driver driver, ListenSocket listener, Pair existing, List<AutoCloseable> food)
            throws IOException {
        for (int i = 0; i < 3; i++) {
            food.addAll(takeAllDescriptors()); // such as the JVM has given back
            assertFails(listener::accept, OutOfResourcesException.class, Errno.EMFILE, "accept");
            assertFails(
                    () -> driver.transport().stream(), OutOfResourcesException.class, Errno.EMFILE, "open a socket");
            assertFails(() -> driver.listen(1), OutOfResourcesException.class, Errno.EMFILE, "open a socket");
            exchange(existing.write(i), existing);
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
        }
        assertThat(driver.failures).isEmpty();
    }

    /** A descriptor can be had as soon as another is closed. */
    private static void replace(List<Pair> leaving, ListenSocket listener, List<Socket> queued) throws IOException {
        leaving.forEach(pair -> pair.ours.close());
        takeAll(listener, queued.subList(0, REPLACED));
    }

    private static void exchange(int written, Pair pair) throws IOException {
        assertThat(written).isEqualTo(1);
        int value = pair.peer.getInputStream().read();
        pair.peer.getOutputStream().write(value + 1);
        assertThat(pair.receive(1)).containsExactly(value + 1);
    }

    /** They are still queued, and are taken without a further report. */
    private static void takeAll(ListenSocket listener, List<Socket> queued) throws IOException {
        for (Socket peer : queued) {
            try (StreamSocket accepted = listener.accept()) {
                assertThat(accepted).isNotNull();
                assertThat(accepted.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            }
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            peer.close();
        }
        queued.clear();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }
}
