package io.samovar.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is in a PEM file (RFC 7468): certificates, keys. Every failure is a {@link TlsConfigurationException} that names the
 * file.
 */
final class PemFile {
    /** A block; what stands between blocks is for people. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    private record Block(String label, String text) {}

    private final Path file;
    private final List<Block> blocks = new ArrayList<>();

    private PemFile(Path file, String content) {
        this.file = file;
        Matcher block = BLOCK.matcher(content);
        while (block.find()) {
            blocks.add(new Block(block.group(1), block.group(2)));
        }
        if (blocks.isEmpty()) {
            throw wrong("has no PEM block (-----BEGIN ...-----); is it a key store or DER?", null);
        }
    }

    static PemFile read(Path file) {
        try {
            return new PemFile(file, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException missing) {
            throw new TlsConfigurationException(file + " does not exist", missing);
        } catch (IOException unreadable) {
            throw new TlsConfigurationException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** All certificates, in their order; at least one. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(decode(block)));
            }
        }
        if (certificates.isEmpty()) {
            throw wrong("has no certificate, but only: " + labels(), null);
        }
        return List.copyOf(certificates);
    }

    private X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException broken) {
            throw wrong("has a certificate that cannot be read: " + broken.getMessage(), broken);
        }
    }

    /** The first private key. */
    PrivateKey privateKey(char @Nullable [] password) {
        for (Block block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return privateKey(block, password);
            }
        }
        throw wrong("has no private key, but only: " + labels(), null);
    }

    private PrivateKey privateKey(Block block, char @Nullable [] password) {
        if (block.text().startsWith("Proc-Type:")) {
            throw wrong(
                    "has a key that is encrypted in OpenSSL's old way; convert it with: openssl pkcs8 -topk8 -in "
                            + file + " -out new.pem",
                    null);
        }
        byte[] der = decode(block);
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> PrivateKeys.fromPkcs8(der);
                case "RSA PRIVATE KEY" -> PrivateKeys.fromPkcs1(der);
                case "EC PRIVATE KEY" -> PrivateKeys.fromSec1(der);
                case "ENCRYPTED PRIVATE KEY" -> {
                    if (password == null) {
                        throw wrong("has an encrypted key, and no password was given", null);
                    }
                    yield PrivateKeys.fromEncrypted(der, password);
                }
                default -> throw wrong("has a key of an unknown kind: " + block.label(), null);
            };
        } catch (PrivateKeys.WrongPasswordException wrong) {
            throw wrong("has an encrypted key, and the password is wrong", wrong);
        } catch (GeneralSecurityException | IOException | RuntimeException broken) {
            if (broken instanceof TlsConfigurationException said) {
                throw said;
            }
            throw wrong("has a key (" + block.label() + ") that cannot be read: " + broken.getMessage(), broken);
        }
    }

    private byte[] decode(Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.text());
        } catch (IllegalArgumentException broken) {
            throw wrong("has a damaged block " + block.label() + ": " + broken.getMessage(), broken);
        }
    }

    private String labels() {
        return String.join(", ", blocks.stream().map(Block::label).toList());
    }

    private TlsConfigurationException wrong(String what, @Nullable Throwable cause) {
        return new TlsConfigurationException(file + " " + what, cause);
    }
}
