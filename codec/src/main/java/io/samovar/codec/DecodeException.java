package io.samovar.codec;

import io.netty.handler.codec.DecoderException;
import io.samovar.net.NetworkException;
import java.io.IOException;

/**
 * The peer sent something that the codec does not take: too long a line, a broken frame, garbage.
 *
 * <p>It is a {@link NetworkException}, because what peers send is as little the program's fault as that they vanish: a server
 * whose handler ends with it does not report it.
 */
public final class DecodeException extends NetworkException {
    private static final long serialVersionUID = 1L;

    private final DecoderException failure;

    DecodeException(String message, DecoderException failure) {
        super(message, 0, new IOException(failure));
        this.failure = failure;
    }

    /** What the codec threw, such as {@code TooLongFrameException}. */
    public DecoderException failure() {
        return failure;
    }
}
