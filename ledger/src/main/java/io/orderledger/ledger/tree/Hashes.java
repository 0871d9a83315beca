package io.orderledger.ledger.tree;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962 with SHA-256. Not thread-safe: it holds one digest's state. */
public final class Hashes {
    /** Length of a digest, in bytes. */
    public static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha256;

    public Hashes() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 of some bytes. */
    public byte[] sha256(byte[] bytes) {
        return sha256.digest(bytes);
    }

    /** Writes SHA-256 of a range of bytes into a place of another array, or of the same one. */
    public void sha256(byte[] source, int offset, int length, byte[] target, int targetOffset) {
        sha256.update(source, offset, length);
        finish(target, targetOffset);
    }

    /** Writes the hash of a leaf. */
    public void leaf(byte[] content, int offset, int length, byte[] target, int targetOffset) {
        sha256.update(LEAF);
        sha256.update(content, offset, length);
        finish(target, targetOffset);
    }

    /** The hash of the node above two nodes. */
    public byte[] node(byte[] left, byte[] right) {
        sha256.update(NODE);
        sha256.update(left);
        return sha256.digest(right);
    }

    private void finish(byte[] target, int offset) {
        try {
            sha256.digest(target, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 gives 32 bytes", e);
        }
    }
}
