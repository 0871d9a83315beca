package io.orderledger.ledger.verify;

import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.heads.UnusableHead;
import io.orderledger.ledger.heads.VerifierKey;
import io.orderledger.ledger.verify.Finding.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The exported heads in the order of their sizes, beside the blocks in the order of theirs. Not thread-safe. */
final class ExportedHeads {
    private final HeadStore store;
    private final VerifierKey key;
    private final long[] sizes;
    private int next;
    private int compared;

    /** Takes note of the heads that there are now: to be called before the newest block is looked up. */
    ExportedHeads(HeadStore store, VerifierKey key, long afterSize) {
        this.store = store;
        this.key = key;
        this.sizes =
                Arrays.stream(store.sizes()).filter(size -> size > afterSize).toArray();
    }

    /** Compares the heads up to a block's tree with that tree. */
    @Nullable
    Finding compare(Block block, byte[] root) {
        while (next < sizes.length && sizes[next] <= block.treeSize()) {
            long size = sizes[next];
            if (size < block.treeSize()) {
                return Finding.inBlock(
                        Kind.HEAD,
                        block.height(),
                        "a head of size " + size + " was exported, and no block ends there any more");
            }
            try {
                TreeHead head = key.open(store.get(size));
                if (head.size() != size || !Arrays.equals(head.root().bytes(), root)) {
                    return Finding.inBlock(
                            Kind.HEAD,
                            block.height(),
                            "the head of size " + size
                                    + " that was exported has another root, so this or an earlier block"
                                    + " was sealed again");
                }
            } catch (UnusableHead e) {
                return Finding.inBlock(
                        Kind.SIGNATURE, block.height(), "the exported head of size " + size + ": " + e.getMessage());
            }
            next++;
            compared++;
        }
        return null;
    }

    /** Whether a head is left that no block has reached. */
    @Nullable
    Finding remaining(long treeSize) {
        return next == sizes.length
                ? null
                : Finding.of(
                        Kind.HEAD,
                        "a head of size " + sizes[next] + " was exported, and the ledger ends at size " + treeSize
                                + ": blocks were taken away");
    }

    int compared() {
        return compared;
    }
}
