package io.orderledger.ledger.verify;

import io.orderledger.ledger.tree.Frontier;
import io.orderledger.ledger.verify.Finding.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tree as it grows block by block, compared with what the blocks and the exported heads say. Not thread-safe. */
final class Walk {
    private final Frontier tree;
    private final Block start;
    private final Block target;
    private final Optional<ExportedHeads> heads;
    private final Progress progress;
    private Block last;
    private long events;

    Walk(Block start, Block target, Optional<ExportedHeads> heads, Progress progress) {
        this.tree = new Frontier(start.treeSize(), start.frontier());
        this.start = start;
        this.target = target;
        this.heads = heads;
        this.progress = progress;
        this.last = start;
    }

    Block last() {
        return last;
    }

    /** The newest block when verification began. */
    Block target() {
        return target;
    }

    @Nullable
    Finding take(Chunk.Result result) {
        List<List<byte[]>> leaves = result.leaves();
        for (int i = 0; i < leaves.size(); i++) {
            Block block = result.chunk().blocks().get(i);
            leaves.get(i).forEach(tree::append);
            Finding finding = compare(block);
            if (finding != null) {
                return finding;
            }
            events += block.eventCount();
            last = block;
        }
        progress.at(tree.size() - start.treeSize(), target.treeSize() - start.treeSize());
        return result.finding();
    }

    Verification report(Optional<Finding> finding) {
        return new Verification(
                last.height(),
                last.treeSize(),
                events,
                heads.map(ExportedHeads::compared).orElse(0),
                finding);
    }

    private @Nullable Finding compare(Block block) {
        if (block.treeSize() != tree.size()) {
            return Finding.inBlock(
                    Kind.TREE_SIZE, block.height(), "it says " + block.treeSize() + ", and it is " + tree.size());
        }
        byte[] root = tree.root();
        boolean rootFits = Arrays.equals(root, block.root());
        boolean frontierFits = Arrays.equals(tree.bytes(), block.frontier());
        if (!rootFits && !frontierFits) {
            return Finding.inBlock(
                    Kind.BLOCK,
                    block.height(),
                    "its time, its late positions or whole events are not those that were sealed");
        }
        if (!rootFits || !frontierFits) {
            return Finding.inBlock(
                    rootFits ? Kind.FRONTIER : Kind.ROOT, block.height(), "it does not follow from what was sealed");
        }
        return heads.map(known -> known.compare(block, root)).orElse(null);
    }
}
