package io.samovar.tests.net;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.samovar.net.ClientAuth;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsServer;
import io.samovar.tests.support.AvailableTransports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates of one authority and of others, as PEM files; made once. */
final class TlsFiles {
    /** What the authorities and certificates of the tests are called. */
    static final String HOST = "localhost";

    private static final Path DIRECTORY = directory();
    private static final X509Bundle CA = authority("CN=Samovar test CA");

    /** Trusts {@link #GOOD} and all others but the strangers. */
    static final Path TRUST = write("ca.pem", CA.getCertificatePEM());

    static final Pair GOOD = issued("good", builder(HOST, "127.0.0.1"), CA);
    static final Pair EXPIRED =
            issued("expired", builder(HOST).notBefore(daysFromNow(-10)).notAfter(daysFromNow(-1)), CA);
    static final Pair NOT_YET =
            issued("not-yet", builder(HOST).notBefore(daysFromNow(1)).notAfter(daysFromNow(10)), CA);
    static final Pair OTHER_HOST = issued("other-host", builder("other.example"), CA);
    static final Pair STRANGER = issued("stranger", builder(HOST), authority("CN=Unknown CA"));
    static final Pair SELF_SIGNED = write("self-signed", selfSigned());
    static final Pair CLIENT = issued("client", builder("client"), CA);

    private TlsFiles() {}

    /** A certificate and its key. */
    record Pair(Path certificate, Path key, X509Bundle bundle) {
        TlsServer server() {
            return Tls.server(certificate, key);
        }
    }

    static TlsClient client(String provider) {
        return Tls.client().trust(TRUST).provider(provider);
    }

    static TlsServer server(String provider) {
        return GOOD.server().provider(provider);
    }

    static TlsServer mutual(String provider, ClientAuth auth) {
        return server(provider).clientAuth(auth, TRUST);
    }

    /** The providers that every test of the protocol runs with. Where Linux passes for macOS, BoringSSL's library is not found. */
    static final List<String> PROVIDERS =
            AvailableTransports.areForced() ? List.of("jdk") : List.of("jdk", "boringssl");

    static CertificateBuilder builder(String... names) {
        CertificateBuilder builder =
                new CertificateBuilder().subject("CN=" + names[0]).algorithm(Algorithm.ecp256);
        for (String name : names) {
            builder = name.startsWith("127.") ? builder.addSanIpAddress(name) : builder.addSanDnsName(name);
        }
        return builder;
    }

    private static Instant daysFromNow(int days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    private static X509Bundle authority(String name) {
        try {
            return new CertificateBuilder()
                    .subject(name)
                    .algorithm(Algorithm.ecp256)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static X509Bundle selfSigned() {
        try {
            return builder(HOST).setIsCertificateAuthority(true).buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Pair issued(String name, CertificateBuilder builder, X509Bundle issuer) {
        try {
            return write(name, builder.buildIssuedBy(issuer));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Pair issued(String name, CertificateBuilder builder) {
        return issued(name, builder, CA);
    }

    private static Pair write(String name, X509Bundle bundle) {
        return new Pair(
                write(name + ".pem", bundle.getCertificatePathPEM()),
                write(name + ".key", bundle.getPrivateKeyPEM()),
                bundle);
    }

    static Path write(String name, String text) {
        try {
            Path written = Files.writeString(DIRECTORY.resolve(name), text);
            written.toFile().deleteOnExit(); // before the directory, which was registered first
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            Path made = Files.createTempDirectory("samovar-tls");
            made.toFile().deleteOnExit();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
