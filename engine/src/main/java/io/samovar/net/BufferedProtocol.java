package io.samovar.net;

import io.netty.buffer.ByteBuf;

/** A protocol that has the bytes read into a buffer of its own, without a copy. asyncio: {@code BufferedProtocol}. */
public non-sealed interface BufferedProtocol extends BaseProtocol {
    /**
     * The buffer for the next bytes: they are written behind its writer index. Called whenever something may have come, so perhaps for
     * nothing. What it throws, and a buffer without room, end the connection and are reported.
     *
     * @return stays the protocol's own
     */
    ByteBuf getBuffer();

    /**
     * Bytes have come into the buffer, whose writer index has moved. What this throws ends the connection, as in {@link
     * Protocol#dataReceived}.
     *
     * @param bytes more than 0
     */
    void bufferUpdated(int bytes);
}
