package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.REBUILD;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Database;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConnectionProvider;

/**
 * Keeps a projection from being rebuilt by two at once. The lock is held by a session of its own and ends with it, so a process that was
 * killed leaves nothing behind that somebody would have to wait for.
 */
final class RebuildLock {
    /** Sets our advisory locks apart from those of others; any number would do. */
    private static final int LOCK_CLASS = 0x4f4c_5242;

    private RebuildLock() {}

    /** Work under the lock. */
    interface Work<T> {
        T with(String holder) throws InterruptedException;
    }

    static <T> T holding(Database database, String projection, Work<T> work) throws InterruptedException {
        Result<T> result = database.statement(outside -> outside.connectionResult(connection -> {
            DSLContext sql = DSL.using(outside.configuration().derive(new DefaultConnectionProvider(connection)));
            if (!isTaken(sql, projection)) {
                throw held(sql, projection);
            }
            try {
                return new Result<>(Optional.of(work.with(name(sql))), Optional.empty());
            } catch (InterruptedException e) {
                return new Result<>(Optional.empty(), Optional.of(e));
            } finally {
                release(sql, projection);
            }
        }));
        if (result.interruption().isPresent()) {
            throw result.interruption().get();
        }
        return result.value().orElseThrow();
    }

    private record Result<T>(Optional<T> value, Optional<InterruptedException> interruption) {}

    private static boolean isTaken(DSLContext sql, String projection) {
        return Boolean.TRUE.equals(
                sql.fetchValue("select pg_try_advisory_lock({0}, hashtext({1}))", inline(LOCK_CLASS), val(projection)));
    }

    private static void release(DSLContext sql, String projection) {
        try {
            sql.fetchValue("select pg_advisory_unlock({0}, hashtext({1}))", inline(LOCK_CLASS), val(projection));
        } catch (DataAccessException e) {
            // The session is gone, and the lock with it.
        }
    }

    private static RebuildHeld held(DSLContext sql, String projection) {
        return sql.select(REBUILD.HOLDER_NAME, REBUILD.HELD_SINCE)
                .from(REBUILD)
                .where(REBUILD.PROJECTION.eq(projection))
                .fetchOptional()
                .map(row -> new RebuildHeld(projection, row.value1(), Optional.of(row.value2())))
                .orElseGet(() -> new RebuildHeld(projection, "somebody who has just begun", Optional.empty()));
    }

    /** Who this is: application, host and process, for people. */
    private static String name(DSLContext sql) {
        String application = String.valueOf(sql.fetchValue("select current_setting('application_name')"));
        return application + " on " + host() + ", process "
                + ProcessHandle.current().pid();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unnamed host";
        }
    }
}
