package io.orderledger.ledger.heads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signer whose key is in a file that only its owner may read: the private and the public key in PEM, one after the other.
 *
 * <p>Immutable.
 */
public final class FileHeadSigner implements HeadSigner {
    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int LINE_CHARACTERS = 64;

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private FileHeadSigner(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * Reads the key, or draws one when the file is missing.
     *
     * @throws UncheckedIOException if the file cannot be read or written, or holds no such key; its message names the file
     */
    public static FileHeadSigner in(Path file) {
        try {
            if (!Files.exists(file)) {
                KeyPair drawn = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                DurableFile.createPrivate(
                        file,
                        pem(PRIVATE, drawn.getPrivate().getEncoded())
                                + pem(PUBLIC, drawn.getPublic().getEncoded()));
            }
            String content = Files.readString(file, StandardCharsets.US_ASCII);
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            return new FileHeadSigner(
                    keys.generatePrivate(new PKCS8EncodedKeySpec(block(PRIVATE, content))),
                    keys.generatePublic(new X509EncodedKeySpec(block(PUBLIC, content))));
        } catch (IOException e) {
            throw new UncheckedIOException("The head key " + file + " cannot be read or written", e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without the cause, whose message may quote the key.
            throw new UncheckedIOException(new IOException(file + " does not hold an Ed25519 key pair in PEM"));
        }
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] text) {
        try {
            Signature ed25519 = Signature.getInstance(ALGORITHM);
            ed25519.initSign(privateKey);
            ed25519.update(text);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This platform signs with Ed25519", e);
        }
    }

    private static String pem(String kind, byte[] content) {
        String base64 =
                Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    private static byte[] block(String kind, String content) {
        Matcher block = Pattern.compile(
                        "-----BEGIN " + kind + "-----\\s+([A-Za-z0-9+/=\\s]+)-----END " + kind + "-----")
                .matcher(content);
        if (!block.find()) {
            throw new IllegalArgumentException("no " + kind);
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }
}
