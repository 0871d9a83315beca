package io.orderledger.ledger.verify;

import io.orderledger.ledger.tree.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A row of ledger.block.
 *
 * @param sealedAt microseconds since the year 2000, as PostgreSQL counts
 */
@SuppressWarnings("ArrayRecordComponent") // compared by their bytes, and never as records
record Block(long height, long high, int eventCount, long sealedAt, long treeSize, byte[] root, byte[] frontier) {
    static final String FIELDS = "height, high, event_count, sealed_at, tree_size, root, frontier";
    static final int FIELD_COUNT = 7;

    /** What stands before the first block. */
    static final Block NONE = new Block(0, 0, 0, Long.MIN_VALUE, 0, new byte[0], new byte[0]);

    private static final byte[] TAG = "order-ledger block 1".getBytes(StandardCharsets.UTF_8);

    static Block of(CopyRows row) {
        return new Block(
                row.getLong(0),
                row.getLong(1),
                row.getInt(2),
                row.getLong(3),
                row.getLong(4),
                Objects.requireNonNull(row.getBytes(5)),
                Objects.requireNonNull(row.getBytes(6)));
    }

    /** The leaf that ends the block. */
    byte[] digest(List<Long> latePositions, Hashes hashes) {
        ByteBuffer late = ByteBuffer.allocate(latePositions.size() * Long.BYTES);
        latePositions.forEach(late::putLong);
        byte[] envelope = ByteBuffer.allocate(TAG.length + 3 * Long.BYTES + Integer.BYTES + Hashes.LENGTH)
                .put(TAG)
                .putLong(height)
                .putLong(high)
                .putInt(eventCount)
                .putLong(sealedAt)
                .put(hashes.sha256(late.array()))
                .array();
        byte[] digest = new byte[Hashes.LENGTH];
        hashes.leaf(envelope, 0, envelope.length, digest, 0);
        return digest;
    }
}
