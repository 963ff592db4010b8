package io.samovar.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** Engines of one {@link SSLContext}. */
final class JdkTlsEngines implements TlsEngines {
    private final SSLContext context;
    private final TlsParameters parameters;
    private final String[] protocols;
    private final String[] ciphers;

    /**
     * @param setsSessions whether the parameters say how many sessions the context keeps and how long
     */
    JdkTlsEngines(SSLContext context, TlsParameters parameters, boolean setsSessions) {
        this.context = context;
        this.parameters = parameters;
        SSLParameters supported = context.getSupportedSSLParameters();
        this.protocols = known("protocols", parameters.protocols(), supported.getProtocols());
        this.ciphers = known("ciphers", parameters.ciphers(), supported.getCipherSuites());
        if (setsSessions) {
            setSessions();
        }
    }

    private void setSessions() {
        SSLSessionContext sessions =
                parameters.server() ? context.getServerSessionContext() : context.getClientSessionContext();
        sessions.setSessionCacheSize(parameters.sessionCacheSize());
        sessions.setSessionTimeout(Math.toIntExact(Math.max(
                1, Math.min(Integer.MAX_VALUE, parameters.sessionTimeout().toSeconds()))));
    }

    private static String[] known(String what, List<String> wanted, String[] supported) {
        List<String> known = new ArrayList<>(wanted);
        known.retainAll(Arrays.asList(supported));
        if (known.isEmpty()) {
            throw new TlsConfigurationException(
                    "the JDK's TLS knows none of the " + what + ' ' + String.join(", ", wanted));
        }
        return known.toArray(String[]::new);
    }

    @Override
    public SSLEngine create(@Nullable String host, int port, @Nullable SNIHostName serverName) {
        SSLEngine engine = host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
        engine.setUseClientMode(!parameters.server());
        SSLParameters wanted = engine.getSSLParameters();
        wanted.setProtocols(protocols);
        wanted.setCipherSuites(ciphers);
        if (parameters.server()) {
            wanted.setUseCipherSuitesOrder(true);
            switch (parameters.clientAuth()) {
                case REQUIRED -> wanted.setNeedClientAuth(true);
                case WANTED -> wanted.setWantClientAuth(true);
                case NONE -> wanted.setNeedClientAuth(false);
            }
        } else {
            if (parameters.checkHostName()) { // whoever names no host is refused, and not let through
                wanted.setEndpointIdentificationAlgorithm("HTTPS");
            }
            if (serverName != null) {
                wanted.setServerNames(List.of(serverName));
            }
        }
        List<String> ours = parameters.applicationProtocols();
        if (!ours.isEmpty()) {
            wanted.setApplicationProtocols(ours.toArray(String[]::new));
        }
        engine.setSSLParameters(wanted);
        if (parameters.server() && !ours.isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector((shaking, theirs) -> firstOf(ours, theirs));
        }
        return engine;
    }

    /** The empty string tells the client nothing; the JDK by itself would refuse it. */
    private static String firstOf(List<String> ours, List<String> theirs) {
        for (String protocol : ours) {
            if (theirs.contains(protocol)) {
                return protocol;
            }
        }
        return "";
    }

    @Override
    public void release(SSLEngine engine) {
        // the collector takes it
    }

    @Override
    public boolean isNative() {
        return false;
    }
}
