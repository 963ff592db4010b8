package io.samovar.transport.netty;

/** The transport of a loop is not driven by Netty, as that of the virtual clock is not, so no Netty channel can live on it. */
public final class NoNettyLoopException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public NoNettyLoopException(String message) {
        super(message);
    }
}
