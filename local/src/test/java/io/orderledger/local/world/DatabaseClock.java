package io.orderledger.local.world;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The clock of a world's database: simulated time, and wrong by as much as somebody made it. The product's own functions run as the migrations
 * made them, but for the clock that they ask. A sequence holds the time, since it is seen by every transaction at once.
 */
final class DatabaseClock {
    private static final String INSTALL = """
            create schema world;
            grant usage on schema world to public;
            create sequence world.now_microseconds minvalue 0 start 0;
            create function world.clock_timestamp() returns timestamptz language plpgsql volatile security definer
                set search_path = pg_catalog, pg_temp as $$
            begin
                return (select timestamptz 'epoch' + s.last_value * interval '1 microsecond' from world.now_microseconds s);
            end $$;
            do $$
            declare
                definition text;
            begin
                for definition in
                    select pg_get_functiondef(f.oid) from pg_proc f
                    where f.pronamespace in ('ledger'::regnamespace, 'projection'::regnamespace) and f.prokind = 'f'
                        and pg_get_functiondef(f.oid) like '%clock_timestamp()%'
                loop
                    execute replace(definition, 'clock_timestamp()', 'world.clock_timestamp()');
                end loop;
            end $$;
            """;

    private final LedgerRows rows;
    private final Timeline time;
    private Duration wrongBy = Duration.ZERO;
    private long told = -1;

    DatabaseClock(LedgerRows rows, Timeline time) {
        this.rows = rows;
        this.time = time;
        rows.execute(INSTALL);
        tell();
    }

    /** What the database takes for the time. */
    synchronized Instant instant() {
        return time.instant().plus(wrongBy).truncatedTo(ChronoUnit.MICROS);
    }

    /** Tells the database what time it is, before it is asked for anything. */
    synchronized void tell() {
        long microseconds = ChronoUnit.MICROS.between(Instant.EPOCH, instant());
        if (microseconds != told) {
            rows.query("select setval('world.now_microseconds', ?)", row -> row.getLong(1), microseconds);
            told = microseconds;
        }
    }

    /** From now on it is wrong by so much. */
    synchronized void setWrongBy(Duration duration) {
        wrongBy = duration;
    }
}
