package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void aRecordIsOneLine() {
        LogRecord event = new LogRecord(Level.WARNING, "cannot accept: {0}");
        event.setLoggerName("io.samovar.net");
        event.setParameters(new Object[] {"too many open files"});
        event.setThrown(new IllegalStateException("why"));
        assertThat(new Logging.OneLine(false).format(event))
                .isEqualToNormalizingNewlines("WARNING io.samovar.net: cannot accept: too many open files:"
                        + " java.lang.IllegalStateException: why\n");
    }

    @Test
    void verboseAddsTheStackTrace() {
        LogRecord event = new LogRecord(Level.SEVERE, "broken");
        event.setThrown(new IllegalStateException("why"));
        assertThat(new Logging.OneLine(true).format(event)).contains("    at io.samovar.echo.LoggingTest");
    }
}
