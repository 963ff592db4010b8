package io.samovar.net;

import io.netty.buffer.ByteBuf;

/** A protocol that is given bytes in buffers. asyncio: {@code Protocol}. */
public non-sealed interface Protocol extends BaseProtocol {
    /**
     * Bytes have come. What this throws ends the connection, is reported and given to {@link #connectionLost}; a {@link
     * NetworkException} is not reported.
     *
     * @param data the protocol's own: it releases it, or hands it on as to {@link Connection#write}
     */
    void dataReceived(ByteBuf data);
}
