package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.samovar.net.Tls;
import io.samovar.net.TlsConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys from PEM files, as OpenSSL and others write them. */
@Timeout(60)
class TlsFilesTest {
    private static final TlsFiles.Pair RSA =
            TlsFiles.issued("rsa", TlsFiles.builder("localhost").algorithm(Algorithm.rsa2048));

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"rsa2048", "ecp256", "ecp384", "ed25519"})
    void keysOfEveryKindAreRead(Algorithm algorithm) {
        TlsFiles.Pair pair = TlsFiles.issued(
                "kind-" + algorithm, TlsFiles.builder("localhost").algorithm(algorithm));
        assertThat(Tls.server(pair.certificate(), pair.key())).isNotNull();
    }

    /** PKCS#1 and SEC1, which begin with {@code BEGIN RSA PRIVATE KEY} and {@code BEGIN EC PRIVATE KEY}. */
    @Test
    void keysInTheOldFormsAreRead() {
        Path pkcs1 =
                openssl("pkcs1.key", "rsa", "-traditional", "-in", RSA.key().toString());
        assertThat(read(pkcs1)).contains("BEGIN RSA PRIVATE KEY");
        assertThat(Tls.server(RSA.certificate(), pkcs1)).isNotNull();
        Path sec1 = openssl("sec1.key", "ec", "-in", TlsFiles.GOOD.key().toString());
        assertThat(read(sec1)).contains("BEGIN EC PRIVATE KEY");
        assertThat(Tls.server(TlsFiles.GOOD.certificate(), sec1)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes-256-cbc", "aes-128-cbc"})
    void anEncryptedKeyIsReadWithItsPassword(String cipher) {
        Path key = openssl(
                "encrypted-" + cipher + ".key",
                "pkcs8",
                "-topk8",
                "-v2",
                cipher,
                "-passout",
                "pass:tea",
                "-in",
                TlsFiles.GOOD.key().toString());
        Path certificate = TlsFiles.GOOD.certificate();
        assertThat(Tls.server(certificate, key, "tea".toCharArray())).isNotNull();
        assertThatThrownBy(() -> Tls.server(certificate, key, "coffee".toCharArray()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(key + " has an encrypted key, and the password is wrong");
        assertThatThrownBy(() -> Tls.server(certificate, key))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(key + " has an encrypted key, and no password was given");
    }

    @Test
    void aKeyInOpenSslsOldEncryptionIsNamedWithAWayOut() {
        Path key = openssl(
                "old.key",
                "ec",
                "-aes128",
                "-passout",
                "pass:tea",
                "-in",
                TlsFiles.GOOD.key().toString());
        assertThatThrownBy(() -> Tls.server(TlsFiles.GOOD.certificate(), key, "tea".toCharArray()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(key + " has a key that is encrypted in OpenSSL's old way; convert it with: openssl pkcs8"
                        + " -topk8 -in " + key + " -out new.pem");
    }

    @Test
    void aKeyThatDoesNotMatchIsFoundAtOnce() {
        assertThatThrownBy(() -> Tls.server(TlsFiles.GOOD.certificate(), TlsFiles.OTHER_HOST.key()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage("the key in " + TlsFiles.OTHER_HOST.key() + " does not match the certificate in "
                        + TlsFiles.GOOD.certificate() + ", which is for CN=localhost");
        assertThatThrownBy(() -> Tls.server(TlsFiles.GOOD.certificate(), RSA.key()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageContaining("does not match the certificate");
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreNamed() {
        Path good = TlsFiles.GOOD.certificate();
        Path missing = good.resolveSibling("no-such.pem");
        assertFails(good, missing, missing + " does not exist");
        assertFails(good, good, good + " has no private key, but only: CERTIFICATE");
        Path key = TlsFiles.GOOD.key();
        assertFails(key, key, key + " has no certificate, but only: PRIVATE KEY");
        Path empty = TlsFiles.write("empty.pem", "");
        assertFails(empty, key, empty + " has no PEM block (-----BEGIN ...-----); is it a key store or DER?");
        Path damaged = TlsFiles.write("damaged.pem", read(good).replace("MII", "AAA"));
        assertFails(damaged, key, damaged + " has a certificate that cannot be read: ");
        String text = Base64.getEncoder().encodeToString("no key".getBytes(StandardCharsets.UTF_8));
        for (String kind : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}) {
            Path wrong = TlsFiles.write(
                    "wrong.key", "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
            assertThatThrownBy(() -> Tls.server(good, wrong, new char[] {'x'}))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessageContaining(wrong + " has a key (" + kind + ") that cannot be read: ");
        }
    }

    private static void assertFails(Path certificate, Path key, String message) {
        assertThatThrownBy(() -> Tls.server(certificate, key))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void keysComeFromAKeyStore() throws Exception {
        X509Bundle bundle = TlsFiles.GOOD.bundle();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = "tea".toCharArray();
        store.setKeyEntry("us", bundle.getKeyPair().getPrivate(), password, bundle.getCertificatePath());
        assertThat(Tls.server(store, password)).isNotNull();
        assertThatThrownBy(() -> Tls.server(store, "coffee".toCharArray()))
                .isInstanceOf(TlsConfigurationException.class);
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        assertThatThrownBy(() -> Tls.server(empty, password))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage("the key store has no private key with a certificate");
    }

    private static Path openssl(String name, String... arguments) {
        Path out = TlsFiles.GOOD.key().resolveSibling(name);
        String[] command = new String[arguments.length + 3];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        command[arguments.length + 1] = "-out";
        command[arguments.length + 2] = out.toString();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
        } catch (IOException missing) {
            Assumptions.abort("openssl is not installed: " + missing.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return out;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
