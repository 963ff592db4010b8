package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatternTest {
    private static final long AT = Pattern.start(3) + 1_000;

    private final Pattern pattern = new Pattern();
    private final byte[] period = new byte[Pattern.PERIOD];

    @BeforeEach
    void readOnePeriod() {
        ByteBuf slice = pattern.slice(0, Pattern.PERIOD);
        slice.readBytes(period);
        slice.release();
    }

    @AfterEach
    void close() {
        pattern.close();
        assertThat(pattern.isAlive()).as("a slice was not released").isFalse();
    }

    @Test
    void whatWasSentIsRightWhereItWasSent() {
        assertThat(pattern.mismatch(copy(AT, 64), AT)).isEqualTo(-1);
    }

    @Test
    void itIsRightInPiecesOfAnyLengthAndPastThePeriod() {
        int length = 3 * Pattern.PERIOD;
        ByteBuf sent = copy(AT, length);
        for (int piece = 1, done = 0; done < length; done += piece, piece = Math.min(piece * 3, length - done)) {
            assertThat(pattern.mismatch(sent.slice(done, piece), AT + done)).isEqualTo(-1);
        }
        assertThat(pattern.mismatch(sent, AT)).isEqualTo(-1);
    }

    @Test
    void anyFlippedBitIsFound() {
        for (int i : new int[] {0, 1, 7, 8, 31, 63}) {
            ByteBuf sent = copy(AT, 64);
            sent.setByte(i, sent.getByte(i) ^ 1);
            assertThat(pattern.mismatch(sent, AT)).isEqualTo(i);
        }
    }

    @Test
    void aFlippedBitIsFoundPastThePeriod() {
        ByteBuf sent = copy(AT, 3 * Pattern.PERIOD);
        int last = 3 * Pattern.PERIOD - 1;
        sent.setByte(last, ~sent.getByte(last));
        assertThat(pattern.mismatch(sent, AT)).isEqualTo(last);
    }

    @Test
    void twoSwappedBytesAreFound() {
        ByteBuf sent = copy(AT, 64);
        byte first = sent.getByte(10);
        sent.setByte(10, sent.getByte(11)).setByte(11, first);
        assertThat(pattern.mismatch(sent, AT)).isEqualTo(10);
    }

    @Test
    void aShiftIsFound() {
        for (int shift = 1; shift < Pattern.PERIOD; shift += 7) {
            assertThat(pattern.mismatch(copy(AT + shift, 64), AT)).isNotEqualTo(-1);
        }
    }

    @Test
    void twoSwappedMessagesAreFound() {
        assertThat(pattern.mismatch(Unpooled.wrappedBuffer(copy(AT + 64, 64), copy(AT, 64)), AT))
                .isNotEqualTo(-1);
    }

    @Test
    void theBytesOfAnotherConnectionAreFound() {
        for (int other = 0; other < 65_000; other += 11) {
            if (other != 3) {
                assertThat(pattern.mismatch(copy(Pattern.start(other) + 1_000, 64), AT))
                        .isNotEqualTo(-1);
            }
        }
    }

    @Test
    void noTwoConnectionsBeginTogether() {
        Set<Long> starts = new HashSet<>();
        for (int connection = 0; connection < 65_000; connection++) {
            assertThat(starts.add(Pattern.start(connection))).isTrue();
        }
    }

    @Test
    void aSliceIsNeverLongerThanOnePeriod() {
        ByteBuf slice = pattern.slice(AT, 1L << 40);
        assertThat(slice.readableBytes()).isEqualTo(Pattern.PERIOD);
        slice.release();
    }

    @Test
    void theMemoryLivesAsLongAsItsLastSlice() {
        Pattern other = new Pattern();
        ByteBuf slice = other.slice(0, 10);
        other.close();
        assertThat(other.isAlive()).isTrue();
        slice.release();
        assertThat(other.isAlive()).isFalse();
    }

    /** What a connection sends, in memory of its own. */
    private ByteBuf copy(long at, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = period[(int) ((at + i) % Pattern.PERIOD)];
        }
        return Unpooled.wrappedBuffer(bytes);
    }
}
