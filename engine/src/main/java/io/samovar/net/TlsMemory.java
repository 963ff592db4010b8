package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the TLS sockets of one thread work in, so that it stays in the cache and an idle connection needs none.
 * Nothing stays in it after an operation.
 */
final class TlsMemory {
    /** The plaintext of the largest record. */
    static final int RECORD = 16 * 1024;

    /** More than any record with its header, as both engines count it. */
    static final int PACKET = 20 * 1024;

    /** Plaintext that is encrypted for one write of the socket below. */
    static final int BATCH = 4 * RECORD;

    private static final FastThreadLocal<TlsMemory> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected TlsMemory initialValue() {
            return new TlsMemory();
        }
    };

    /** Ciphertext as it comes. */
    final Part in = new Part(128 * 1024, true);

    /** The same on the heap, where the JDK's engine decrypts it faster by a quarter. */
    final Part heapIn = new Part(128 * 1024, false);

    /** Ciphertext as it goes. */
    final Part out = new Part(BATCH + 2 * PACKET, true);

    /** One record of it on the heap, where the JDK's engine encrypts it faster by a quarter. */
    final Part heapOut = new Part(PACKET, false);

    /** Small pieces that make one record. */
    final Part gathered = new Part(RECORD, true);

    private TlsMemory() {}

    static TlsMemory ofThisThread() {
        return OF_THREAD.get();
    }

    /** One piece of memory. Where TLS runs inside TLS, the inner one finds it in use and takes another. */
    static final class Part {
        private final int size;
        private final boolean direct;
        private boolean taken;
        private @Nullable ByteBuf buffer;

        private Part(int size, boolean direct) {
            this.size = size;
            this.direct = direct;
        }

        /** An empty buffer, to be {@linkplain #giveBack given back} before the operation ends. */
        ByteBuf take() {
            if (taken) {
                return direct
                        ? ByteBufAllocator.DEFAULT.directBuffer(size, size)
                        : ByteBufAllocator.DEFAULT.heapBuffer(size, size);
            }
            taken = true;
            ByteBuf kept = buffer;
            if (kept == null) {
                // Not from the pool: it is never released, and goes with its thread.
                kept = Unpooled.wrappedBuffer(direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size));
                buffer = kept;
            }
            return kept.clear();
        }

        /** Whether it is the part itself, and not what stands in for it. */
        boolean owns(ByteBuf used) {
            return used == buffer;
        }

        void giveBack(ByteBuf used) {
            if (used == buffer) {
                taken = false;
            } else {
                used.release();
            }
        }
    }
}
