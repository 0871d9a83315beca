package io.orderledger.ledger.tree;

import java.util.Arrays;
import java.util.List;

/** Checks consistency proofs by the algorithm of RFC 9162, section 2.1.4.2. Stateless. */
public final class Proofs {
    private Proofs() {}

    /**
     * Whether a proof shows that the larger tree begins with the smaller one.
     *
     * @param first leaves of the smaller tree, at least 1
     * @param second leaves of the larger tree
     */
    public static boolean isConsistent(
            long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> proof) {
        if (first < 1 || first > second) {
            return false;
        }
        if (first == second) {
            return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
        }
        boolean firstIsOneSubtree = Long.bitCount(first) == 1;
        if (!firstIsOneSubtree && proof.isEmpty()) {
            return false;
        }
        int lowest = Long.numberOfTrailingZeros(first);
        long firstNode = (first - 1) >> lowest;
        long secondNode = (second - 1) >> lowest;
        byte[] start = firstIsOneSubtree ? firstRoot : proof.getFirst();
        return follow(
                firstNode,
                secondNode,
                start,
                firstIsOneSubtree ? proof : proof.subList(1, proof.size()),
                firstRoot,
                secondRoot);
    }

    private static boolean follow(
            long firstNode, long secondNode, byte[] start, List<byte[]> siblings, byte[] firstRoot, byte[] secondRoot) {
        Hashes hashes = new Hashes();
        byte[] first = start;
        byte[] second = start;
        for (byte[] sibling : siblings) {
            if (secondNode == 0) {
                return false;
            }
            if (firstNode % 2 == 1 || firstNode == secondNode) {
                first = hashes.node(sibling, first);
                second = hashes.node(sibling, second);
                int up = firstNode == 0 ? 0 : Long.numberOfTrailingZeros(firstNode);
                firstNode >>= up;
                secondNode >>= up;
            } else {
                second = hashes.node(second, sibling);
            }
            firstNode >>= 1;
            secondNode >>= 1;
        }
        return secondNode == 0 && Arrays.equals(first, firstRoot) && Arrays.equals(second, secondRoot);
    }
}
