package io.samovar.transport;

/** Told when a socket may have become ready. */
@FunctionalInterface
public interface ReadinessListener {
    /**
     * The socket may be ready. Spurious calls are allowed: the operation that follows decides.
     *
     * <p>Runs on the loop thread inside {@link Transport#poll}. An error or a hang-up is reported at least in each
     * direction in which an operation would block, and the next operation tells what it was.
     *
     * @param readable a read or an accept may succeed, or say why it never will
     * @param writable a write or the end of a connect may succeed, or say why it never will
     */
    void ready(boolean readable, boolean writable);

    /**
     * The transport was closed, and the socket with it: nothing more can be read or written. Not called when the socket
     * itself is closed or reset.
     */
    default void closed() {}
}
