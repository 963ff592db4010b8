package io.samovar.tls.boringssl;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import io.samovar.net.TlsConfigurationException;
import io.samovar.net.TlsEngines;
import io.samovar.net.TlsParameters;
import java.lang.ref.Cleaner;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Engines of one Netty {@link SslContext}. They are counted and must be released; each keeps the context, whose own count goes
 * when these settings are collected.
 */
final class BoringSslEngines implements TlsEngines {
    private static final Cleaner CLEANER = Cleaner.create();

    private final SslContext context;
    private final TlsParameters parameters;

    BoringSslEngines(TlsParameters parameters) {
        this.parameters = parameters;
        if (parameters.ciphers().stream().noneMatch(OpenSsl::isCipherSuiteAvailable)) {
            throw new TlsConfigurationException(
                    "BoringSSL knows none of the ciphers " + String.join(", ", parameters.ciphers()));
        }
        try {
            SslContextBuilder builder = parameters.server() ? serverBuilder() : SslContextBuilder.forClient();
            if (!parameters.server() && parameters.keyManager() != null) {
                builder.keyManager(keys());
            }
            if (parameters.trustManager() != null) {
                builder.trustManager(parameters.trustManager());
            }
            context = builder.sslProvider(SslProvider.OPENSSL_REFCNT) // OPENSSL would give every engine a finalizer
                    .protocols(parameters.protocols())
                    .ciphers(parameters.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(applicationProtocols())
                    .sessionCacheSize(parameters.sessionCacheSize())
                    .sessionTimeout(parameters.sessionTimeout().toSeconds())
                    .endpointIdentificationAlgorithm(parameters.checkHostName() ? "HTTPS" : null)
                    .build();
        } catch (SSLException | IllegalArgumentException refused) {
            throw new TlsConfigurationException("BoringSSL cannot be set up: " + refused.getMessage(), refused);
        }
        SslContext released = context; // not a field, which would keep these settings from being collected
        CLEANER.register(this, () -> ReferenceCountUtil.release(released));
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setTicketKeys(ticketKey());
        }
    }

    private SslContextBuilder serverBuilder() {
        return SslContextBuilder.forServer(keys())
                .clientAuth(
                        switch (parameters.clientAuth()) {
                            case NONE -> ClientAuth.NONE;
                            case WANTED -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        });
    }

    /** Keys never change, so their native form may be kept. */
    private OpenSslCachingX509KeyManagerFactory keys() {
        return new OpenSslCachingX509KeyManagerFactory(
                new FixedKeys(Objects.requireNonNull(parameters.keyManager(), "a server has a certificate")));
    }

    private ApplicationProtocolConfig applicationProtocols() {
        return parameters.applicationProtocols().isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        parameters.applicationProtocols());
    }

    /** Without one of our own, Netty's contexts give no tickets. */
    private static OpenSslSessionTicketKey ticketKey() {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(hmac);
        random.nextBytes(aes);
        return new OpenSslSessionTicketKey(name, hmac, aes);
    }

    @Override
    public SSLEngine create(@Nullable String host, int port, @Nullable SNIHostName serverName) {
        SSLEngine engine = host == null
                ? context.newEngine(ByteBufAllocator.DEFAULT)
                : context.newEngine(ByteBufAllocator.DEFAULT, host, port);
        if (!parameters.server()) {
            SSLParameters wanted = engine.getSSLParameters();
            if (serverName != null) {
                wanted.setServerNames(List.of(serverName));
            }
            wanted.setEndpointIdentificationAlgorithm(parameters.checkHostName() ? "HTTPS" : null);
            engine.setSSLParameters(wanted);
        }
        return engine;
    }

    @Override
    public void release(SSLEngine engine) {
        ReferenceCountUtil.release(engine);
    }

    @Override
    public boolean isNative() {
        return true;
    }
}
