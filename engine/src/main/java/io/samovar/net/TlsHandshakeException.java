package io.samovar.net;

import java.io.IOException;

/** The peers could not agree to talk over TLS; nothing was sent or received of what the programs have to say. */
public final class TlsHandshakeException extends TlsException {
    private static final long serialVersionUID = 1L;

    /** What was wrong; the message says it in words. */
    public enum Reason {
        /** A certificate of the peer's chain is over. */
        EXPIRED,
        /** A certificate of the peer's chain is not valid yet: look at the clocks. */
        NOT_YET_VALID,
        /** The certificate is another host's. */
        WRONG_HOST,
        /** The peer made its certificate itself, and it is not among those that are trusted. */
        SELF_SIGNED,
        /** The certificate does not lead to an authority that is trusted, or breaks a rule. */
        UNTRUSTED,
        /** The client has to show a certificate, and has none. */
        NO_CLIENT_CERTIFICATE,
        /** No version of TLS that both sides allow. */
        NO_COMMON_PROTOCOL,
        /** No cipher that both sides allow. */
        NO_COMMON_CIPHER,
        /** What the peer sent is not TLS at all. */
        NOT_TLS,
        /** The peer refused, and said why by an alert; what it means is in the message. */
        REFUSED_BY_PEER,
        /** The peer closed the connection, or lost it. */
        CLOSED_BY_PEER,
        /** The time limit was over. */
        TIMED_OUT,
        /** Anything else; see the cause. */
        OTHER
    }

    private final Reason reason;

    public TlsHandshakeException(Reason reason, String message, IOException cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }
}
