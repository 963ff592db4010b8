package io.samovar.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** What one peer may send: no record that is too large, and not too many in a row that bring nothing. */
final class TlsRecordLimits {
    private static final int HEADER = 5;

    /** The largest plaintext with all that any cipher adds: 16 bytes before it, a MAC of 48, and 256 of padding. */
    private static final int LARGEST = TlsMemory.RECORD + 16 + 48 + 256;

    /** In a row without plaintext, as BoringSSL has it: empty ones, new keys, new tickets. */
    private static final int BARREN = 32;

    /** In a handshake, where a message may come in many pieces. */
    private static final int BARREN_IN_HANDSHAKE = 1_000;

    /** A header that the JDK refuses by itself, with an alert. */
    private static final byte[] REFUSED = {22, 3, 3, (byte) 0xFF, (byte) 0xFF};

    private final SSLEngine engine;
    private final boolean isNative;
    private int barren;

    TlsRecordLimits(SSLEngine engine, boolean isNative) {
        this.engine = engine;
        this.isNative = isNative;
    }

    /**
     * Looks at the header of the next record. BoringSSL does so by itself; the JDK takes a record of twice the size, and wants buffers
     * for such ones from then on, also to write.
     */
    void checkLength(ByteBuf in) throws SSLException {
        if (isNative || in.readableBytes() < HEADER) {
            return;
        }
        int length = in.getUnsignedShort(in.readerIndex() + HEADER - 2);
        if (length > LARGEST) {
            throw refused("a record of " + length + " bytes is larger than TLS allows");
        }
    }

    /** A record was decrypted, or nothing was done. */
    void count(SSLEngineResult result, boolean handshaking) throws SSLException {
        if (result.bytesProduced() > 0) {
            barren = 0;
        } else if (result.bytesConsumed() > 0) {
            barren++;
            if (barren > (handshaking ? BARREN_IN_HANDSHAKE : BARREN)) {
                throw refused("the peer sends nothing but records without data");
            }
        }
    }

    /** Data has left, which the peer may have to answer with records that bring none; or the handshake is over. */
    void reset() {
        barren = 0;
    }

    /** Has the engine make an alert, for which it has no call. */
    private SSLException refused(String why) {
        SSLException failure = new SSLException(why);
        if (!isNative) {
            try {
                SSLEngineResult unused = engine.unwrap(ByteBuffer.wrap(REFUSED), ByteBuffer.allocate(0));
            } catch (SSLException alert) {
                failure.addSuppressed(alert);
            }
        }
        return failure;
    }
}
