package io.samovar.tests.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the engine logs while something runs: {@link System.Logger} ends in {@code java.util.logging} here. */
public final class Logged {
    private static final Logger ENGINE = Logger.getLogger("io.samovar");

    private Logged() {}

    /** The records, in order. */
    public static List<LogRecord> during(Runnable action) {
        List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
        with(records::add, action);
        return records;
    }

    /** Has the logger fail meanwhile. */
    public static void failingDuring(Runnable action) {
        with(
                record -> {
                    throw new IllegalStateException("the logger is broken");
                },
                action);
    }

    private static void with(Consumer<LogRecord> publish, Runnable action) {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                publish.accept(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        boolean others = ENGINE.getUseParentHandlers();
        ENGINE.addHandler(handler);
        ENGINE.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            ENGINE.setUseParentHandlers(others);
            ENGINE.removeHandler(handler);
        }
    }
}
