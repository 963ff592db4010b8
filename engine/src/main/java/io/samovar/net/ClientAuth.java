package io.samovar.net;

/** Whether a TLS server asks its clients for a certificate. */
public enum ClientAuth {
    /** Not at all. */
    NONE,
    /** It asks; a client without one is served, too. What is shown must be trusted. */
    WANTED,
    /** A client without a certificate that is trusted is refused. */
    REQUIRED
}
