package io.samovar.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeparatorsTest {
    /** Beside looking at each byte for each separator. */
    @Test
    void theOneThatEndsFirstIsFoundWhereverItLies() {
        String[] texts = {"ab", "b", "aab", "cc"};
        Separators separators = new Separators(bytes("ab"), bytes("b"), bytes("aab"), bytes("cc"));
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder("x".repeat(random.nextInt(300)));
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append("abc".charAt(random.nextInt(3)));
            }
            text.append("y".repeat(random.nextInt(40)));
            int from = random.nextInt(text.length() + 1);
            InboundBuffer inbound = holding(text.toString());
            boolean found = separators.find(inbound, from);
            assertThat(found ? text.substring(0, separators.start()) + "|" + text.substring(0, separators.end()) : "")
                    .as("%s from %d", text, from)
                    .isEqualTo(naive(text.toString(), from, texts));
            inbound.clear();
        }
    }

    /** What comes before the separator, and then that with it. */
    private static String naive(String text, int from, String... separators) {
        String best = "";
        int bestEnd = Integer.MAX_VALUE;
        for (String separator : separators) {
            int found = text.indexOf(separator, from);
            if (found >= 0 && found + separator.length() < bestEnd) {
                bestEnd = found + separator.length();
                best = text.substring(0, found) + "|" + text.substring(0, bestEnd);
            }
        }
        return best;
    }

    /** Each look that is not near costs as much as there is; a peer must not be able to have many of them. */
    @Test
    void oneThatNeverComesIsNotLookedForBehindOneThatIsThere() {
        InboundBuffer inbound = holding("\n".repeat(300_000));
        Separators separators = new Separators(new byte[] {0}, bytes("\n"));
        long begin = System.nanoTime();
        int taken = 0;
        while (!inbound.isEmpty()) {
            assertThat(separators.find(inbound, 0)).isTrue();
            inbound.skip(separators.end());
            taken++;
        }
        assertThat(taken).isEqualTo(300_000);
        // To the end each time, it would be 45 thousand million bytes.
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }

    private static InboundBuffer holding(String text) {
        TcpStream none = null;
        InboundBuffer inbound = new InboundBuffer(new StreamReader(none));
        if (!text.isEmpty()) {
            inbound.adopt(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        }
        return inbound;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
