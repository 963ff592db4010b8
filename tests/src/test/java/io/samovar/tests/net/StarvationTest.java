package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server whose process has no descriptor left. */
@Timeout(60)
class StarvationTest {
    private static final int DESCRIPTORS = 256;
    private static final int TOO_MANY = 300;

    private static final int A_FEW = 10;

    /** As many connections as it surely has descriptors for. */
    private static final int SURE = 100;

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    @Tag("L15")
    void aServerWithoutDescriptorsServesWhatItHasAndAcceptsAgainWhenItCan(TransportProvider provider) throws Exception {
        try (ForkedJvm jvm = new ForkedJvm(provider, DESCRIPTORS, StarvedServer.class)) {
            InetSocketAddress address = Net.loopback(Integer.parseInt(jvm.answer()));
            List<Peer> peers = new ArrayList<>();
            try (Peer first = Peer.connect(address)) {
                useEverythingOnce(address, first);
                for (int episode = 1; episode <= 2; episode++) {
                    while (peers.size() < TOO_MANY) {
                        peers.add(Peer.connect(address));
                    }
                    // What is open goes on, and each message makes the server try to accept again.
                    while (complaints(jvm) < episode) {
                        talk(first);
                    }
                    for (int i = 0; i < 20; i++) {
                        talk(first);
                    }
                    talk(peers.get(SURE - 1));
                    // A few descriptors are free and taken at once: nothing new to tell.
                    closeAll(peers.subList(0, A_FEW));
                    for (int i = 0; i < 20; i++) {
                        talk(first);
                    }
                    assertThat(complaints(jvm)).as("one line for one episode").isEqualTo(episode);
                    // With half of them gone there is room for the rest.
                    closeAll(peers.subList(0, TOO_MANY / 2));
                    Peer last = peers.get(peers.size() - 1);
                    last.send("x");
                    while (!last.hasBytes()) {
                        talk(first);
                    }
                    closeAll(peers);
                    while (talk(first) > 1) {
                        // until all are gone there
                    }
                    // The first lets time pass, and when the third is answered the server has seen that nobody waits.
                    for (int i = 0; i < 3; i++) {
                        talk(first);
                    }
                }
            } finally {
                peers.forEach(Peer::close);
            }
            jvm.end();
            assertThat(jvm.log())
                    .filteredOn(line -> line.contains("cannot accept"))
                    .hasSize(2)
                    .allMatch(line -> line.matches("WARNING: TcpServer\\(.*:" + address.getPort()
                            + "\\) cannot accept connections for now and tries again every second:"
                            + " accept: too many open files \\(EMFILE\\)"));
        }
    }

    /** To load a class takes a descriptor, where classes lie in directories and not in jars. */
    private static void useEverythingOnce(InetSocketAddress address, Peer first) {
        for (int i = 0; i < 2; i++) {
            Peer peer = Peer.connect(address);
            talk(peer);
            if (i == 0) {
                peer.close();
            } else {
                peer.reset();
            }
            talk(first);
        }
    }

    private static void closeAll(List<Peer> peers) {
        peers.forEach(Peer::close);
        peers.clear();
    }

    /** How many connections the server has. */
    private static int talk(Peer peer) {
        peer.send("x");
        return Byte.toUnsignedInt(peer.read(1).join()[0]);
    }

    private static long complaints(ForkedJvm jvm) {
        return jvm.log().stream().filter(line -> line.contains("cannot accept")).count();
    }
}
