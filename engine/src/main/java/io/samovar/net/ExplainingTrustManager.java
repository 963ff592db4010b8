package io.samovar.net;

import static io.samovar.net.TlsHandshakeException.Reason;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Has another one decide, and says in words why a certificate was refused: only here are it and the wanted name at hand. */
final class ExplainingTrustManager extends X509ExtendedTrustManager {
    /** Characters of one name in a message. */
    private static final int LONGEST = 200;

    private final X509ExtendedTrustManager judge;

    ExplainingTrustManager(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw explain(chain, engine.getPeerHost(), refused);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw explain(chain, null, refused);
        }
    }

    private static RefusedCertificateException explain(
            X509Certificate[] chain, @Nullable String host, CertificateException refused) {
        X509Certificate leaf = chain[0];
        String whose = "the certificate of " + printable(leaf.getSubjectX500Principal());
        Throwable cause = refused.getCause() == null ? refused : refused.getCause();
        for (Throwable t = refused; t != null; t = t.getCause()) {
            boolean path = t instanceof CertPathValidatorException;
            Object why = path ? ((CertPathValidatorException) t).getReason() : null;
            if (t instanceof CertificateExpiredException || why == BasicReason.EXPIRED) {
                String when = expired(chain);
                return new RefusedCertificateException(Reason.EXPIRED, whose + " has expired" + when, cause);
            }
            if (t instanceof CertificateNotYetValidException || why == BasicReason.NOT_YET_VALID) {
                String words =
                        whose + " is not valid before " + leaf.getNotBefore().toInstant();
                return new RefusedCertificateException(Reason.NOT_YET_VALID, words, cause);
            }
        }
        String message = printable(refused.getMessage());
        if (host != null && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
            String words = whose + " is not for " + host + ", but for " + names(leaf);
            return new RefusedCertificateException(Reason.WRONG_HOST, words, refused);
        }
        if (chain.length == 1 && leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            return new RefusedCertificateException(
                    Reason.SELF_SIGNED, whose + " is signed by itself, and is not one of those trusted here", cause);
        }
        String last = printable(chain[chain.length - 1].getIssuerX500Principal());
        String words = whose + ", issued by " + last + ", is not trusted here: " + message;
        return new RefusedCertificateException(Reason.UNTRUSTED, words, cause);
    }

    private static String expired(X509Certificate[] chain) {
        for (X509Certificate certificate : chain) {
            try {
                certificate.checkValidity();
            } catch (CertificateExpiredException over) {
                String end = " at " + certificate.getNotAfter().toInstant();
                return certificate == chain[0]
                        ? end
                        : ", by that of its issuer " + printable(certificate.getSubjectX500Principal()) + end;
            } catch (CertificateNotYetValidException other) {
                // not what is looked for
            }
        }
        return "";
    }

    private static String names(X509Certificate certificate) {
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return "names that cannot be read";
        }
        if (alternatives == null) {
            return "no name at all";
        }
        Stream<String> names = alternatives.stream().map(name -> printable(name.get(1)));
        return names.limit(10).collect(Collectors.joining(", "));
    }

    /** What a stranger has put into a certificate reaches messages and logs. */
    private static String printable(@Nullable Object text) {
        String whole = String.valueOf(text);
        return HostName.printable(whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "...");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }
}
