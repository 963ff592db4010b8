package io.samovar.tests.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged through the engine's logger or another one, until this is closed. */
public final class LogCapture extends Handler implements AutoCloseable {
    private final Logger logger;
    private final boolean alsoToParents;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    public LogCapture() {
        this("io.samovar");
    }

    public LogCapture(String name) {
        logger = Logger.getLogger(name);
        alsoToParents = logger.getUseParentHandlers();
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    /** All records so far. */
    public List<LogRecord> records() {
        return records;
    }

    /** The messages so far. */
    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** Collects garbage until something is logged that contains {@code part}. */
    public LogRecord collectUntilLogged(String part) {
        while (true) {
            Leaks.collect();
            for (LogRecord record : records) {
                if (record.getMessage().contains(part)) {
                    return record;
                }
            }
        }
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(alsoToParents);
    }
}
