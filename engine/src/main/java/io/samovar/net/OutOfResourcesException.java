package io.samovar.net;

import java.io.IOException;

/** No descriptor or memory is left for another socket ({@code EMFILE}, {@code ENFILE}, {@code ENOBUFS}, {@code ENOMEM}). */
public final class OutOfResourcesException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public OutOfResourcesException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}
