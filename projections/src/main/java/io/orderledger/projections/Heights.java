package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;

import io.orderledger.ledger.Database;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/** Tells which block was the newest at a time. Thread-safe if the data source is; any role that may read the ledger will do. */
public final class Heights {
    private final Database database;

    public Heights(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * A block.
     *
     * @param height its number; 0 is before the first one
     * @param sealedAt when it was sealed; empty at 0
     */
    public record Block(long height, Optional<Instant> sealedAt) {
        static final Block NONE = new Block(0, Optional.empty());
    }

    /**
     * The number of the block that was the newest at a time; 0 before the first. As blocks are never sealed with a time before that of an
     * earlier one, the answer for a time in the past is always the same.
     *
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public long at(Instant time) {
        return newestAt(time).height();
    }

    /**
     * As {@link #at}, with the time when the block was sealed. For a time of just now there may be another answer a moment later, when a
     * block that was being sealed is committed.
     */
    public Block newestAt(Instant time) {
        return database.statement(sql -> sql.select(BLOCK.HEIGHT, BLOCK.SEALED_AT)
                        .from(BLOCK)
                        .where(BLOCK.SEALED_AT.le(time))
                        .orderBy(BLOCK.SEALED_AT.desc(), BLOCK.HEIGHT.desc())
                        .limit(1)
                        .fetchOptional(row -> new Block(row.value1(), Optional.of(row.value2()))))
                .orElse(Block.NONE);
    }

    /**
     * The block of this height.
     *
     * @throws UnknownHeight if there is none yet
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public Block of(long height) {
        if (height == 0) {
            return Block.NONE;
        }
        return database.statement(sql -> sql.select(BLOCK.SEALED_AT)
                        .from(BLOCK)
                        .where(BLOCK.HEIGHT.eq(height))
                        .fetchOptional(row -> new Block(height, Optional.of(row.value1()))))
                .orElseThrow(() -> new UnknownHeight(height));
    }
}
