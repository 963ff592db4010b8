package io.samovar.echo;

/** Something else came back than what was sent. */
final class MismatchException extends RunFailedException {
    private static final long serialVersionUID = 1L;

    MismatchException(String sentence) {
        super(sentence);
    }
}
