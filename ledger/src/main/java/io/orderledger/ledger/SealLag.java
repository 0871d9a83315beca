package io.orderledger.ledger;

import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.PENDING;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.currentInstant;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.Record1;
import org.jooq.Select;

/**
 * How far sealing is behind appending.
 *
 * @param pendingEvents events that are committed and in no block; counted up to {@link #MAX_COUNTED}
 * @param oldest how long the oldest of those that are counted has been recorded; zero when there is none
 */
public record SealLag(long pendingEvents, Duration oldest) {
    /** Counting must not become work of its own when sealing has been away for long. */
    public static final int MAX_COUNTED = 100_000;

    /**
     * Reads it in one statement.
     *
     * @param dataSource connects as {@code ledger_projector}, {@code ledger_reader}, {@code ledger_auditor} or with the rights of one of
     *     them
     * @throws LedgerUnavailable if the database cannot do it now; try again
     */
    public static SealLag read(DataSource dataSource) {
        return new Database(dataSource).statement(sql -> {
            Select<Record1<Long>> lowest = select(PENDING.POSITION)
                    .from(PENDING)
                    .orderBy(PENDING.POSITION)
                    .limit(MAX_COUNTED);
            return sql.select(count(), min(EVENT.RECORDED_AT), currentInstant())
                    .from(EVENT)
                    .where(EVENT.POSITION.in(lowest))
                    .fetchSingle(row -> new SealLag(row.value1(), between(row.value2(), row.value3())));
        });
    }

    private static Duration between(Instant oldest, Instant now) {
        return Optional.ofNullable(oldest)
                .map(recordedAt -> Duration.between(recordedAt, now))
                // An event may have been recorded by the clock after the statement began.
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
