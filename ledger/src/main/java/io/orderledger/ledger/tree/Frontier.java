package io.orderledger.ledger.tree;

import java.util.Arrays;

/**
 * A tree that grows at its right edge, of which only the roots of its complete subtrees are kept: at most 63 digests, whatever its
 * size. Not thread-safe.
 */
public final class Frontier {
    private static final int LEVELS = Long.SIZE - 1;

    private final Hashes hashes = new Hashes();
    /** By level; what stands at a level counts if that bit of the size is set. */
    private final byte[][] subtrees = new byte[LEVELS][];

    private long size;

    /** An empty tree. */
    public Frontier() {}

    /**
     * Goes on from a tree whose frontier is known.
     *
     * @param size its leaves
     * @param bytes the digests as {@link #bytes} gives them
     * @throws IllegalArgumentException if there is not one digest for each bit of the size
     */
    public Frontier(long size, byte[] bytes) {
        if (size < 0 || bytes.length != lengthOf(size)) {
            throw new IllegalArgumentException(
                    "A tree of size " + size + " does not have a frontier of " + bytes.length + " bytes");
        }
        this.size = size;
        int offset = 0;
        for (int level = 0; level < LEVELS; level++) {
            if (isComplete(level)) {
                subtrees[level] = Arrays.copyOfRange(bytes, offset, offset + Hashes.LENGTH);
                offset += Hashes.LENGTH;
            }
        }
    }

    /** How many bytes the frontier of a tree of that size has. */
    public static int lengthOf(long size) {
        return Long.bitCount(size) * Hashes.LENGTH;
    }

    /** Adds a leaf, given by its hash. */
    public void append(byte[] leafHash) {
        byte[] node = leafHash;
        int level = 0;
        while (isComplete(level)) {
            node = hashes.node(subtrees[level], node);
            level++;
        }
        subtrees[level] = node;
        size++;
    }

    public long size() {
        return size;
    }

    /** The tree's root; SHA-256 of nothing for the empty tree. */
    public byte[] root() {
        if (size == 0) {
            return hashes.sha256(new byte[0]);
        }
        int level = Long.numberOfTrailingZeros(size);
        byte[] root = subtrees[level];
        for (level++; level < LEVELS; level++) {
            if (isComplete(level)) {
                root = hashes.node(subtrees[level], root);
            }
        }
        return root.clone();
    }

    /** The complete subtrees' roots, the smallest subtree's first. */
    public byte[] bytes() {
        byte[] bytes = new byte[lengthOf(size)];
        int offset = 0;
        for (int level = 0; level < LEVELS; level++) {
            if (isComplete(level)) {
                System.arraycopy(subtrees[level], 0, bytes, offset, Hashes.LENGTH);
                offset += Hashes.LENGTH;
            }
        }
        return bytes;
    }

    private boolean isComplete(int level) {
        return (size >>> level & 1) == 1;
    }
}
