package io.orderledger.ledger.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The definitions of RFC 6962, section 2.1, written down as they stand there: recursive, on lists of leaf hashes, sharing nothing with the
 * code that is tested. Remembers the hashes of ranges, so that many questions about one tree stay affordable.
 */
public final class ReferenceTree {
    private final List<byte[]> leaves;
    private final Map<Range, byte[]> known = new HashMap<>();

    private record Range(int from, int to) {}

    public ReferenceTree(List<byte[]> leaves) {
        this.leaves = List.copyOf(leaves);
    }

    public int size() {
        return leaves.size();
    }

    /** MTH(D[0:n]). */
    public byte[] root(int size) {
        return size == 0 ? sha256(new byte[0]) : hash(0, size);
    }

    /** PATH(m, D[0:n]). */
    public List<byte[]> inclusionPath(int leaf, int size) {
        return path(leaf, 0, size);
    }

    /** PROOF(m, D[0:n]). */
    public List<byte[]> consistencyPath(int first, int second) {
        return subproof(first, 0, second, true);
    }

    private byte[] hash(int from, int to) {
        if (to - from == 1) {
            return leaves.get(from);
        }
        byte[] remembered = known.get(new Range(from, to));
        if (remembered != null) {
            return remembered;
        }
        int split = from + largestPowerOfTwoBelow(to - from);
        byte[] computed = sha256(new byte[] {1}, hash(from, split), hash(split, to));
        known.put(new Range(from, to), computed);
        return computed;
    }

    private List<byte[]> path(int leaf, int from, int to) {
        if (to - from == 1) {
            return new ArrayList<>();
        }
        int k = largestPowerOfTwoBelow(to - from);
        List<byte[]> path = leaf < k ? path(leaf, from, from + k) : path(leaf - k, from + k, to);
        path.add(leaf < k ? hash(from + k, to) : hash(from, from + k));
        return path;
    }

    private List<byte[]> subproof(int m, int from, int to, boolean complete) {
        if (m == to - from) {
            List<byte[]> proof = new ArrayList<>();
            if (!complete) {
                proof.add(hash(from, to));
            }
            return proof;
        }
        int k = largestPowerOfTwoBelow(to - from);
        List<byte[]> proof = m <= k ? subproof(m, from, from + k, complete) : subproof(m - k, from + k, to, false);
        proof.add(m <= k ? hash(from + k, to) : hash(from, from + k));
        return proof;
    }

    private static int largestPowerOfTwoBelow(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
