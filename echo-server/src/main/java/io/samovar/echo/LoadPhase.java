package io.samovar.echo;

/** What a run is doing; each run goes through all of them, in this order. */
enum LoadPhase {
    CONNECTING("connecting"),
    WARMING_UP("warming up"),
    MEASURING("measuring"),
    /** No message is sent any more; those in flight come back. */
    FINISHING("waiting for the last answers");

    private final String text;

    LoadPhase(String text) {
        this.text = text;
    }

    /** For people. */
    String text() {
        return text;
    }
}
