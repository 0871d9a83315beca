package io.orderledger.ledger.heads;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The public half of a head signer's key, in the form {@code name+hash+base64} of signed-note's verifier keys. Everybody may know it; what
 * matters is that whoever verifies got it from somebody other than the database's owner.
 *
 * <p>Immutable.
 */
public final class VerifierKey {
    private static final Pattern NAME = Pattern.compile("[^\\s+\\p{Z}]+");
    private static final byte ED25519 = 1;
    private static final int RAW_LENGTH = 32;
    private static final int ID_LENGTH = 4;
    /** The fixed beginning of an Ed25519 key as X.509 (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final String SIGNATURE_LINE = "— ";

    private final String name;
    private final byte[] raw;

    private VerifierKey(String name, byte[] raw) {
        this.name = name;
        this.raw = raw;
    }

    /**
     * Gives a public key a name.
     *
     * @param name the origin of the heads that it signs
     * @throws IllegalArgumentException if the name has spaces or a plus sign, or the key is not Ed25519
     */
    public static VerifierKey of(String name, PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (!isName(name) || encoded.length != X509_PREFIX.length + RAW_LENGTH) {
            throw new IllegalArgumentException("A verifier key is a plain name and an Ed25519 key");
        }
        return new VerifierKey(name, Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
    }

    /**
     * Reads a verifier key.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static VerifierKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length == 3 && isName(parts[0])) {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            if (typed.length == RAW_LENGTH + 1 && typed[0] == ED25519) {
                VerifierKey key = new VerifierKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
                if (HexFormat.of().formatHex(key.id()).equals(parts[1])) {
                    return key;
                }
            }
        }
        throw new IllegalArgumentException("Not a verifier key of the form name+hash+base64 for Ed25519");
    }

    /** The origin of the heads that this key verifies. */
    public String name() {
        return name;
    }

    /**
     * Reads a signed head.
     *
     * @throws UnusableHead if it is none, is not signed by this key, or has another origin than this key's name
     */
    public TreeHead open(String note) {
        int end = note.indexOf("\n\n");
        if (end < 0) {
            throw new UnusableHead("there is no blank line before a signature");
        }
        String text = note.substring(0, end + 1);
        boolean signed = note.substring(end + 2)
                .lines()
                .filter(line -> line.startsWith(SIGNATURE_LINE + name + " "))
                .anyMatch(line -> isSignature(line.substring((SIGNATURE_LINE + name + " ").length()), text));
        if (!signed) {
            throw new UnusableHead("no signature of " + name + " fits");
        }
        TreeHead head = TreeHead.of(text);
        if (!head.origin().equals(name)) {
            throw new UnusableHead("its origin is not " + name);
        }
        return head;
    }

    /** The signed head, as it is exported. */
    String close(TreeHead head, byte[] signature) {
        ByteArrayOutputStream identified = new ByteArrayOutputStream();
        identified.writeBytes(id());
        identified.writeBytes(signature);
        return head.text() + "\n" + SIGNATURE_LINE + name + " "
                + Base64.getEncoder().encodeToString(identified.toByteArray()) + "\n";
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private boolean isSignature(String base64, String text) {
        try {
            byte[] identified = Base64.getDecoder().decode(base64);
            if (identified.length <= ID_LENGTH || !Arrays.equals(identified, 0, ID_LENGTH, id(), 0, ID_LENGTH)) {
                return false;
            }
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey());
            ed25519.update(text.getBytes(StandardCharsets.UTF_8));
            return ed25519.verify(identified, ID_LENGTH, identified.length - ID_LENGTH);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false; // malformed, hence no signature
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + RAW_LENGTH);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, RAW_LENGTH);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private byte[] typed() {
        byte[] typed = new byte[RAW_LENGTH + 1];
        typed[0] = ED25519;
        System.arraycopy(raw, 0, typed, 1, RAW_LENGTH);
        return typed;
    }

    private byte[] id() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(sha256.digest(typed()), ID_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key && key.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The key in the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }
}
