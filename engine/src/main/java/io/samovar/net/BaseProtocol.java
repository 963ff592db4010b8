package io.samovar.net;

import org.jspecify.annotations.Nullable;

/**
 * What a program wants to be told about a connection, in callbacks instead of coroutines: for frameworks, and for parsers that are
 * written that way. Extend {@link Protocol} or {@link BufferedProtocol}.
 *
 * <p>The order is {@code connectionMade}, then any number of the callbacks for bytes, {@code eofReceived} perhaps, and {@code
 * connectionLost} exactly once. All of them run on the loop thread and must not block. asyncio: {@code BaseProtocol}.
 */
public sealed interface BaseProtocol permits Protocol, BufferedProtocol {
    /** The connection stands. What this throws is reported, and the connection goes on. */
    default void connectionMade(Connection connection) {}

    /**
     * The connection is over, and its descriptor closed.
     *
     * @param cause {@code null} after an orderly end, a close or an abort of this side; else what broke it, which may be what a
     *     callback has thrown
     */
    default void connectionLost(@Nullable Throwable cause) {}

    /** More than the high water mark waits to be written: better write no more. Called from within the write. */
    default void pauseWriting() {}

    /** No more than the low water mark waits: go on writing. */
    default void resumeWriting() {}

    /**
     * The peer has sent the end of its stream.
     *
     * @return whether to keep the connection open for writing; {@code false} closes it, after what waits to be written
     */
    default boolean eofReceived() {
        return false;
    }
}
