package io.samovar.transport;

/**
 * A descriptor or channel that is not the transport's own and is watched for whoever opened it. Belongs to the loop thread.
 *
 * <p>Unlike a transport's own sockets it is reported in each poll as long as it is ready, for the transport cannot know
 * what is done with it. The transport never reads, writes or closes it.
 */
public interface Watch {
    /**
     * Says what the listener is to be told of from the next poll on; at least one of the two. An error or a hang-up counts as
     * both.
     *
     * @throws UnsupportedOperationException if the system cannot watch this kind of thing, such as a regular file
     * @throws IllegalStateException if it belongs to a socket of this transport
     * @throws io.samovar.net.NetworkException if the system refuses it, such as a descriptor that is not open
     */
    void interest(boolean reading, boolean writing);

    /** Ends the watch; the listener is not called again. Cancelling twice does nothing. */
    void cancel();
}
