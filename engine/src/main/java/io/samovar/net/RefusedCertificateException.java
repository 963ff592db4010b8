package io.samovar.net;

import java.security.cert.CertificateException;

/** Why we did not trust the peer, in words; travels through the TLS engine as the cause of its failure. */
final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final TlsHandshakeException.Reason reason;

    /**
     * @param cause the engine derives its alert from it
     */
    RefusedCertificateException(TlsHandshakeException.Reason reason, String words, Throwable cause) {
        super(words, cause);
        this.reason = reason;
    }

    TlsHandshakeException.Reason reason() {
        return reason;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
