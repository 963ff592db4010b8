package io.samovar.echo;

import org.jspecify.annotations.Nullable;

/** The run failed for a reason that the user should read; the message is one sentence. */
class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    RunFailedException(String sentence) {
        this(sentence, null);
    }

    RunFailedException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    /** The message. */
    final String sentence() {
        return sentence;
    }
}
