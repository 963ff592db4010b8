package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import java.util.Objects;

/**
 * Two streams in memory that are connected with each other: what one writes the other reads. Made by {@link
 * VirtualNetwork#pair}, or given to a test by {@link SamovarExtension}.
 *
 * @param near the end that connected
 * @param far the end that was connected to
 * @param connection what lies between them, and its faults
 */
public record StreamPair(TcpStream near, TcpStream far, VirtualConnection connection) implements AutoCloseable {
    static StreamPair of(EventLoop loop, VirtualStream client, VirtualConnection connection) {
        VirtualStream server = Objects.requireNonNull(client.peer(), "joined");
        client.arm();
        server.arm();
        return new StreamPair(
                TcpStream.over(loop, WatchedTransport.watched(loop, client), TcpOptions.DEFAULT),
                TcpStream.over(loop, WatchedTransport.watched(loop, server), TcpOptions.DEFAULT),
                connection);
    }

    /** Closes both streams. */
    @Override
    public void close() {
        near.close();
        far.close();
    }
}
