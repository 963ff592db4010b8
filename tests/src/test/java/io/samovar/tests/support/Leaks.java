package io.samovar.tests.support;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Netty's leak detector has found in this JVM. It runs at level paranoid, so it watches every buffer. */
public final class Leaks {
    /** Held strongly: JUL forgets loggers that nobody holds, and their handlers with them. */
    private static final Logger DETECTOR = Logger.getLogger(ResourceLeakDetector.class.getName());

    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    static {
        DETECTOR.addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                    FOUND.add(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    private Leaks() {}

    /** Starts to listen. */
    static void watch() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("tests must run with -Dio.netty.leakDetection.level=paranoid");
        }
    }

    /** Collects garbage, has the detector look, and gives what it found since the last call. */
    public static List<String> take() {
        // References are handed over some time after a collection, those of one collection before those of the next:
        // when
        // the second witness has come back, so has everything that the first collection found.
        for (int round = 0; round < 2; round++) {
            collect();
        }
        // The detector looks at what was collected when the next buffer is made.
        ByteBufAllocator.DEFAULT.directBuffer(1).release();
        List<String> found = List.copyOf(FOUND);
        FOUND.clear();
        return found;
    }

    /** Collects garbage, until what an earlier collection found has been handed over. */
    static void collect() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), queue);
        try {
            do {
                System.gc();
            } while (queue.remove(1_000) != witness);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
