package io.samovar.echo;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows how a run goes on in one line of a terminal, written again every second. */
final class LiveLine implements LoadListener {
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final String title;
    private int seconds;

    /**
     * @param title what is running, before everything else in the line
     */
    LiveLine(PrintWriter out, String title) {
        this.out = out;
        this.title = title;
    }

    @Override
    public void entered(LoadPhase phase) {
        seconds = 0;
        show(phase.text());
    }

    @Override
    public void second(LoadPhase phase, double messagesPerSecond) {
        seconds++;
        show(String.format(Locale.ROOT, "%s, %d s, %,.0f messages/s", phase.text(), seconds, messagesPerSecond));
    }

    private void show(String text) {
        out.print(CLEAR + title + ": " + text);
        out.flush();
    }

    @Override
    public void over() {
        out.print(CLEAR);
        out.flush();
    }
}
