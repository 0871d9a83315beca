package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the rows of ledger.block. Thread-safe. */
final class Blocks {
    /** Events in a chunk, about: what one thread holds the digests of. */
    private static final int EVENTS_PER_CHUNK = 20_000;

    private static final int BLOCKS_PER_CHUNK = 4_000;

    private static final String SELECT = "select " + Block.FIELDS + " from ledger.block ";

    private final Database database;

    Blocks(Database database) {
        this.database = database;
    }

    /** The newest block, or {@link Block#NONE}. */
    Block newest() {
        List<Block> newest = read(SELECT + "order by height desc limit 1");
        return newest.isEmpty() ? Block.NONE : newest.getFirst();
    }

    Optional<Block> ofSize(long treeSize) {
        return read(SELECT + "where tree_size = " + treeSize).stream().findFirst();
    }

    /** The next blocks up to a height; empty if there are none. */
    Optional<Chunk> after(Block previous, long lastHeight) {
        List<Block> candidates = read(SELECT + "where height > " + previous.height() + " and height <= " + lastHeight
                + " order by height limit " + BLOCKS_PER_CHUNK);
        List<Block> chosen = new ArrayList<>();
        long events = 0;
        for (Block block : candidates) {
            chosen.add(block);
            events += block.eventCount();
            if (events >= EVENTS_PER_CHUNK) {
                break;
            }
        }
        return chosen.isEmpty() ? Optional.empty() : Optional.of(new Chunk(previous, chosen));
    }

    private List<Block> read(String query) {
        return Session.query(database, connection -> {
            List<Block> blocks = new ArrayList<>();
            try (CopyRows rows = new CopyRows(connection, query, Block.FIELD_COUNT)) {
                while (rows.next()) {
                    blocks.add(Block.of(rows));
                }
            }
            return blocks;
        });
    }
}
