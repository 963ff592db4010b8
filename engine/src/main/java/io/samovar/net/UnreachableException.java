package io.samovar.net;

import java.io.IOException;

/** No way leads to the host or its network ({@code EHOSTUNREACH}, {@code ENETUNREACH}). */
public final class UnreachableException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}
