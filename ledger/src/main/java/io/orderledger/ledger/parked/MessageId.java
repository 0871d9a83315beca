package io.orderledger.ledger.parked;

import java.util.Arrays;
import java.util.HexFormat;

/** What a parked message is called: the SHA-256 of its bytes. Immutable. */
public final class MessageId implements Comparable<MessageId> {
    private static final int LENGTH_BYTES = 32;

    private final byte[] digest;

    MessageId(byte[] digest) {
        if (digest.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("an ID has " + 2 * LENGTH_BYTES + " hexadecimal digits");
        }
        this.digest = digest.clone();
    }

    /**
     * Reads what {@link #toString} gave.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    public static MessageId of(String hexadecimal) {
        return new MessageId(HexFormat.of().parseHex(hexadecimal));
    }

    byte[] digest() {
        return digest.clone();
    }

    @Override
    public int compareTo(MessageId other) {
        return Arrays.compareUnsigned(digest, other.digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageId that && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(digest);
    }
}
