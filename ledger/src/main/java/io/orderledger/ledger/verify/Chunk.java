package io.orderledger.ledger.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some blocks in a row, and the one before them.
 *
 * @param previous the block before the first one
 * @param blocks at least one, by height
 */
record Chunk(Block previous, List<Block> blocks) {
    Chunk {
        blocks = List.copyOf(blocks);
    }

    Block last() {
        return blocks.getLast();
    }

    long events() {
        return blocks.stream().mapToLong(Block::eventCount).sum();
    }

    /**
     * What was found in a chunk.
     *
     * @param leaves for each block that fits the hashes of its leaves; the tree is computed from them in order
     * @param finding what does not fit in the block after those; null if every block is there
     */
    record Result(
            Chunk chunk,
            List<List<byte[]>> leaves,
            @Nullable Finding finding) {}
}
