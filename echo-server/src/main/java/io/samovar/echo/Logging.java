package io.samovar.echo;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps the log of Samovar and Netty on standard error from cluttering it: warnings only, one line each. */
final class Logging {
    private Logging() {}

    /**
     * Sets up {@code java.util.logging}, which {@link System.Logger} and Netty write to.
     *
     * @param verbose whether to log what is only informative, and stack traces
     */
    static void setUp(boolean verbose) {
        LogManager.getLogManager().reset();
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new OneLine(verbose));
        Logger root = Logger.getLogger("");
        root.setLevel(verbose ? Level.INFO : Level.WARNING);
        root.addHandler(console);
    }

    /** {@code WARNING io.samovar.net: what happened: the exception}. */
    static final class OneLine extends Formatter {
        private final boolean stackTraces;

        OneLine(boolean stackTraces) {
            this.stackTraces = stackTraces;
        }

        @Override
        public String format(LogRecord event) {
            StringBuilder line = new StringBuilder();
            line.append(event.getLevel().getName()).append(' ').append(event.getLoggerName());
            line.append(": ").append(formatMessage(event));
            Throwable thrown = event.getThrown();
            if (thrown != null) {
                line.append(": ").append(thrown);
                if (stackTraces) {
                    for (StackTraceElement frame : thrown.getStackTrace()) {
                        line.append(System.lineSeparator()).append("    at ").append(frame);
                    }
                }
            }
            return line.append(System.lineSeparator()).toString();
        }
    }
}
