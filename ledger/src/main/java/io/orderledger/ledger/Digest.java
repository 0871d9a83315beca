package io.orderledger.ledger;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("A SHA-256 digest has 64 lower-case hexadecimal digits");
        }
    }

    /**
     * The digest with these bytes.
     *
     * @throws IllegalArgumentException if they are not 32
     */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(bytes));
    }

    /** The 32 bytes, a new array for each call. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}
