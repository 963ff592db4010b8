package io.samovar.net;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TlsProvider} makes its engines of.
 *
 * @param server whether they are for servers
 * @param protocols versions, such as {@code TLSv1.3}, the best first
 * @param ciphers cipher suites by their IANA names, the best first; those that the provider does not know are left out
 * @param applicationProtocols ALPN, the best first; empty for none. A server that has none in common with the client goes on
 *     without
 * @param keyManager our certificates; {@code null} for a client without
 * @param trustManager who is trusted; {@code null} for a server that does not ask its clients
 * @param clientAuth whether a server asks its clients for a certificate
 * @param checkHostName whether a client compares the certificate with the host's name
 * @param sessionCacheSize sessions that may be kept to be resumed
 * @param sessionTimeout how long
 */
public record TlsParameters(
        boolean server,
        List<String> protocols,
        List<String> ciphers,
        List<String> applicationProtocols,
        @Nullable X509ExtendedKeyManager keyManager,
        @Nullable X509ExtendedTrustManager trustManager,
        ClientAuth clientAuth,
        boolean checkHostName,
        int sessionCacheSize,
        Duration sessionTimeout) {}
