package io.samovar.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.net.ForkedJvm;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * What the loop's thread allocates for a message that is echoed, to the byte.
 *
 * <p>It is counted twice. The first compiler allocates whatever the code says, so nothing that is added escapes it. The second
 * one, which compiles what is hot, leaves out what it can prove not to be needed.
 */
@Timeout(120)
class AllocationTest {
    private static final int CLIENTS = 10;
    private static final int TIMES = 25;
    private static final int MESSAGES = 2 * CLIENTS * TIMES;
    private static final int WINDOWS = 7;

    private static final List<String> FIRST_COMPILER = List.of("-XX:TieredStopAtLevel=1");

    /** Compiles at once where it is called, so that a number of messages is enough and no time has to pass. */
    private static final List<String> SECOND_COMPILER =
            List.of("-XX:-TieredCompilation", "-XX:-BackgroundCompilation", "-XX:CompileThreshold=1000");

    /**
     * What the code says. On epoll it is Netty's object for an event that says both "readable" and "writable", and what that refers
     * to. On NIO it is two views of the memory that is written: the JDK takes nothing else, and Netty makes one of the other.
     */
    private static double written(TransportProvider provider) {
        return switch (provider.name()) {
            case "epoll" -> 32;
            case "nio" -> 128;
            default -> 0;
        };
    }

    /** What is left of it: from JDK 22 on the second compiler does without an object that is either new or an old one. */
    private static double hot(TransportProvider provider) {
        return provider.name().equals("epoll") && Runtime.version().feature() >= 22 ? 0 : written(provider);
    }

    @TransportTest
    void anEchoedMessageAllocatesOnlyWhatNettyAndTheJdkNeed(TransportProvider provider) throws Exception {
        assertThat(bytesPerMessage(provider, FIRST_COMPILER)).isEqualTo(written(provider));
    }

    @TransportTest
    void anEchoedMessageAllocatesLessOnceItsCodeIsHot(TransportProvider provider) throws Exception {
        assertThat(bytesPerMessage(provider, SECOND_COMPILER)).isLessThanOrEqualTo(hot(provider));
    }

    /** The median of some windows: in a few of them the compilers allocate for the thread whose code they change. */
    private static double bytesPerMessage(TransportProvider provider, List<String> compiler) throws Exception {
        double[] windows = new double[WINDOWS];
        try (ForkedJvm jvm = new ForkedJvm(provider, 1_000, flags(compiler), Map.of(), EchoProcess.class);
                Clients clients = new Clients(Integer.parseInt(jvm.answer()), CLIENTS, 64)) {
            for (int i = 0; i < 10; i++) {
                window(clients); // to warm it up
            }
            for (int i = 0; i < WINDOWS; i++) {
                long asked = allocated(jvm);
                long before = allocated(jvm);
                window(clients);
                windows[i] = (double) (allocated(jvm) - before - (before - asked)) / MESSAGES;
            }
            jvm.end();
        }
        Arrays.sort(windows);
        return windows[WINDOWS / 2];
    }

    /** As many messages one by one as all at once. */
    private static void window(Clients clients) throws IOException {
        clients.inTurn(TIMES);
        for (int i = 0; i < TIMES; i++) {
            clients.sendAll();
            clients.receiveAll();
        }
    }

    private static List<String> flags(List<String> compiler) {
        List<String> flags = new ArrayList<>(compiler);
        // By default it chooses one chunk of 128, and each slice of that costs more.
        flags.add("-Dio.netty.leakDetection.level=disabled");
        if (Runtime.version().feature() >= 23) {
            flags.add("--sun-misc-unsafe-memory-access=allow"); // else Netty takes other ways
        }
        return flags;
    }

    private static long allocated(ForkedJvm jvm) throws IOException {
        jvm.tell(EchoProcess.ALLOCATED);
        return Long.parseLong(jvm.answer());
    }
}
