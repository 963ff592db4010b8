package io.samovar.net;

/** A write after {@link TcpStream#shutdownOutput()} of the same side. */
public final class OutputShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public OutputShutDownException(String message) {
        super(message);
    }
}
