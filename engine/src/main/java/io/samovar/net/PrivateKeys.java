package io.samovar.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Private keys from their DER forms. Java itself reads PKCS#8 only, so the others are put into that. */
final class PrivateKeys {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    /** The curve in an EC key. */
    private static final int EC_PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** {@code rsaEncryption}, 1.2.840.113549.1.1.1, and the NULL that belongs to it. */
    private static final byte[] RSA = {
        0x06, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 0x05, 0
    };
    /** {@code id-ecPublicKey}, 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private static final String[] KINDS = {"RSA", "EC", "EdDSA", "RSASSA-PSS"};

    private PrivateKeys() {}

    /** The password does not open the key. */
    static final class WrongPasswordException extends GeneralSecurityException {
        private static final long serialVersionUID = 1L;

        WrongPasswordException(Throwable cause) {
            super(cause);
        }
    }

    static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        InvalidKeySpecException first = null;
        for (String kind : KINDS) { // each looks at the key's own mark, and refuses what is not its own
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException notThis) {
                first = first == null ? notThis : first;
            }
        }
        throw new InvalidKeySpecException("it is damaged, or neither of " + String.join(", ", KINDS), first);
    }

    /** RSA. */
    static PrivateKey fromPkcs1(byte[] der) throws GeneralSecurityException {
        return fromPkcs8(pkcs8(RSA, der));
    }

    /** Elliptic curves. */
    static PrivateKey fromSec1(byte[] der) throws GeneralSecurityException {
        Der key = new Der(der).enter(SEQUENCE);
        key.skip(INTEGER);
        key.skip(OCTETS);
        byte[] curve = key.enter(EC_PARAMETERS).rest();
        return fromPkcs8(pkcs8(join(EC, curve), der));
    }

    static PrivateKey fromEncrypted(byte[] der, char[] password) throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        // The name of PBES2 says nothing; its parameters do.
        String algorithm =
                info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
                        ? String.valueOf(info.getAlgParameters())
                        : info.getAlgName();
        PBEKeySpec secret = new PBEKeySpec(password);
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(secret),
                    info.getAlgParameters());
            return fromPkcs8(info.getKeySpec(cipher).getEncoded());
        } catch (InvalidKeySpecException wrong) { // what a wrong password gives is no key
            throw new WrongPasswordException(wrong);
        } finally {
            secret.clearPassword();
        }
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return encode(SEQUENCE, join(VERSION_0, encode(SEQUENCE, algorithm), encode(OCTETS, key)));
    }

    private static byte[] encode(int tag, byte[] content) {
        int length = content.length;
        byte[] header = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(header, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Reads DER, as little of it as keys need. */
    private static final class Der {
        private final byte[] bytes;
        private int at;
        private final int end;

        Der(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        private Der(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        /** What is inside the next value. */
        Der enter(int tag) throws InvalidKeySpecException {
            int length = header(tag);
            Der inside = new Der(bytes, at, at + length);
            at += length;
            return inside;
        }

        void skip(int tag) throws InvalidKeySpecException {
            int length = header(tag); // which moves on
            at += length;
        }

        byte[] rest() {
            return Arrays.copyOfRange(bytes, at, end);
        }

        private int header(int tag) throws InvalidKeySpecException {
            if (next() != tag) {
                throw new InvalidKeySpecException("it is not the DER form of such a key, or names no curve");
            }
            int length = next();
            if (length >= 0x80) {
                int count = length & 0x7F;
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | next();
                }
            }
            if (length < 0 || length > end - at) {
                throw new InvalidKeySpecException("it is cut off");
            }
            return length;
        }

        private int next() throws InvalidKeySpecException {
            if (at >= end) {
                throw new InvalidKeySpecException("it is cut off");
            }
            return bytes[at++] & 0xFF;
        }
    }
}
