package io.samovar.echo;

import java.io.PrintWriter;

/** Shows how a run goes on where nothing can be written over: the phases one behind the other, and a dot each second. */
final class DotLine implements LoadListener {
    private final PrintWriter out;
    private final String title;

    /**
     * @param title what is running
     */
    DotLine(PrintWriter out, String title) {
        this.out = out;
        this.title = title;
    }

    @Override
    public void entered(LoadPhase phase) {
        print((phase == LoadPhase.CONNECTING ? title + ": " : ", ") + phase.text());
    }

    @Override
    public void second(LoadPhase phase, double messagesPerSecond) {
        print(".");
    }

    @Override
    public void over() {
        print(System.lineSeparator());
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
