package io.orderledger.projections;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import io.orderledger.ledger.Database;
import java.time.Instant;
import javax.sql.DataSource;
import org.jooq.Field;

/** Tells which block was the newest at a time. Thread-safe if the data source is; any role that may read the ledger will do. */
public final class Heights {
    private final Database database;

    public Heights(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * The block that was the newest at a time; 0 before the first. As blocks are never sealed with a time before that of an earlier one, the
     * answer for a time in the past is always the same.
     *
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; try again
     */
    public long at(Instant time) {
        Field<Long> newest = field(select(BLOCK.HEIGHT)
                .from(BLOCK)
                .where(BLOCK.SEALED_AT.le(time))
                .orderBy(BLOCK.SEALED_AT.desc(), BLOCK.HEIGHT.desc())
                .limit(1));
        return database.statement(sql -> sql.select(coalesce(newest, 0L)).fetchSingle(row -> row.value1()));
    }
}
