package io.orderledger.projections;

import static io.orderledger.db.tables.projection.Tables.REBUILD_CHUNK;
import static org.jooq.impl.DSL.val;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.projections.RebuildState.Amount;
import io.orderledger.projections.RebuildState.Chunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.TableField;

/**
 * Makes a projection's table anew from the ledger, while appends, catching up and reads go on, and shows it to readers once it is as
 * current as the one they see.
 *
 * <p>What is done stands in the database: after an interruption, a crash or a failure of any kind the same call goes on from there.
 * Readers never see an empty or a half-made table, and never wait for longer than a tenth of a second. Memory does not depend on the size
 * of the ledger: a worker's statement sorts in a fixed amount of memory, and beyond it on disk.
 *
 * <p>One rebuild of a projection at a time. The data source leads to the writer itself, not through RDS Proxy or another pool of sessions:
 * the lock against a second rebuild belongs to a session, and goes away with it. Its role is {@code ledger_projector}. It gives as many
 * connections as there are workers, and two more. See docs/adr/0007.
 *
 * <p>Use: {@code new Rebuild(writer).run(projection, RebuildOptions.DEFAULT.withWorkers(4), progress -> ...)}, with a projection of {@code
 * RegisteredProjections.find}. Thread-safe. Interrupting the calling thread ends the rebuild after the pieces of work that are under way.
 */
public final class Rebuild {
    /** A swap that meets a lock is tried so often, at most 3 minutes in all; appends and reads go on between attempts. */
    private static final int MAX_SWAP_ATTEMPTS = 600;

    private static final Duration MIN_PAUSE_BETWEEN_SWAPS = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE_BETWEEN_SWAPS = Duration.ofMillis(300);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Duration MAX_CATCH_UP_AFTERWARDS = Duration.ofMinutes(1);

    private final Database database;
    private final CatchUp catchUp;

    public Rebuild(DataSource writer) {
        this.database = new Database(writer);
        this.catchUp = new CatchUp(database);
    }

    /**
     * Rebuilds a projection, or goes on with a rebuild that was interrupted.
     *
     * @param listener is told how far it is, on this thread
     * @return once readers see the new table
     * @throws RebuildHeld if somebody else is rebuilding this projection
     * @throws RebuildStopped if the query cannot read some orders and the options do not say to skip them
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; the same call goes on
     * @throws io.orderledger.ledger.LedgerFault if the code or the set-up is wrong
     * @throws InterruptedException if the thread was interrupted; the same call goes on
     */
    public Rebuilt run(Projection projection, RebuildOptions options, RebuildProgress.Listener listener)
            throws InterruptedException {
        return RebuildLock.holding(
                database, projection.id(), holder -> new Run(projection, options, listener, holder).run());
    }

    /** One call. */
    private final class Run {
        private final Projection projection;
        private final RebuildOptions options;
        private final RebuildProgress.Listener listener;
        private final Content content;
        private final RebuildState state;
        private final ChunkWork work;
        private final Failures failures;

        Run(Projection projection, RebuildOptions options, RebuildProgress.Listener listener, String holder) {
            this.projection = projection;
            this.options = options;
            this.listener = listener;
            this.content = Content.of(projection);
            this.state = RebuildState.open(database, projection.id(), content.needsKeyToAdd(), options, holder);
            this.work = new ChunkWork(state, content);
            this.failures = new Failures(state.slot());
        }

        Rebuilt run() throws InterruptedException {
            for (RebuildPhase phase : EnumSet.range(state.phase(), RebuildPhase.CATCH_UP)) {
                state.enter(phase);
                switch (phase) {
                    case SURVEY -> inChunks(phase, REBUILD_CHUNK.SURVEYED, work::survey);
                    case FOLD -> inChunks(phase, REBUILD_CHUNK.FOLDED, work::fold);
                    case STRADDLERS -> {
                        work.retryFailed();
                        inChunks(phase, REBUILD_CHUNK.COMPLETED, work::complete);
                        stopIfFailed();
                    }
                    case INDEXES -> index();
                    case CATCH_UP -> catchUp();
                }
            }
            Rebuilt rebuilt = swapped();
            // Whoever found the checkpoint locked during the swap has left its blocks to this call.
            catchUp.toNewestBlock(projection, Deadline.after(MAX_CATCH_UP_AFTERWARDS));
            return rebuilt;
        }

        private void inChunks(RebuildPhase phase, TableField<?, Boolean> done, Consumer<Chunk> job)
                throws InterruptedException {
            Amount positions = state.positions(done);
            // Positions have gaps; events are what people count.
            Meter meter = new Meter(
                    listener,
                    phase,
                    positions.done(),
                    positions.total(),
                    (double) state.events() / Math.max(1, positions.total()));
            Supplier<OptionalLong> pieces = new Chunks(state, done, job);
            Parallel.run(options.workers(), pieces, meter::add);
        }

        private void stopIfFailed() {
            database.statement(sql -> {
                int count = failures.count(sql);
                if (count > 0 && !options.skipFailed()) {
                    throw new RebuildStopped(projection.id(), count, failures.first(sql, RebuildStopped.MAX_LISTED));
                }
                return count;
            });
        }

        private void index() throws InterruptedException {
            List<String> missing = database
                    .statement(sql -> sql.fetchValues(
                            "select index_name from projection.slot_indexes({0}) where missing", val(projection.id())))
                    .stream()
                    .map(String.class::cast)
                    .toList();
            Meter meter = new Meter(listener, RebuildPhase.INDEXES, 0, missing.size(), 1);
            Deque<String> names = new ArrayDeque<>(missing);
            Parallel.run(options.workers(), () -> makeNext(names), meter::add);
            state.transaction(sql -> sql.execute("select projection.finish_slot({0})", val(projection.id())));
        }

        private OptionalLong makeNext(Deque<String> names) {
            String name;
            synchronized (names) {
                name = names.poll();
            }
            if (name == null) {
                return OptionalLong.empty();
            }
            state.transaction(
                    sql -> sql.execute("select projection.make_slot_index({0}, {1})", val(projection.id()), val(name)));
            return OptionalLong.of(1);
        }

        private void catchUp() throws InterruptedException {
            retryFailedWithKey();
            Amount events = state.eventsSince();
            Meter meter = new Meter(listener, RebuildPhase.CATCH_UP, events.done(), events.total(), 1);
            while (catchUp.step(projection, state.slot()) instanceof CatchUpResult.CaughtUp) {
                stopIfInterrupted();
                Amount now = state.eventsSince();
                meter.set(now.done(), now.total());
            }
            stopIfFailed();
        }

        private void retryFailedWithKey() {
            Optional<UUID> last = Optional.empty();
            do {
                Optional<UUID> from = last;
                last = state.transaction(sql -> {
                    Checkpoint checkpoint = Checkpoint.lock(sql, state.slot()).orElseThrow();
                    List<UUID> failed = failures.after(sql, from, CatchUp.MAX_RETRIES_PER_TRANSACTION);
                    if (failed.isEmpty()) {
                        return Optional.empty();
                    }
                    new Step(content, checkpoint, true).again(sql, failed);
                    return Optional.of(failed.getLast());
                });
            } while (last.isPresent());
        }

        private Rebuilt swapped() throws InterruptedException {
            for (int attempt = 1; ; attempt++) {
                try {
                    return CatchUp.isolatingWhereNeeded(isolating -> state.transaction(sql -> swap(sql, isolating)));
                } catch (LedgerUnavailable e) {
                    if (!e.sqlState().equals(LOCK_NOT_AVAILABLE) || attempt >= MAX_SWAP_ATTEMPTS) {
                        throw e;
                    }
                    Thread.sleep(ThreadLocalRandom.current()
                            .nextLong(MIN_PAUSE_BETWEEN_SWAPS.toMillis(), MAX_PAUSE_BETWEEN_SWAPS.toMillis()));
                }
            }
        }

        /** With both checkpoints locked the rest of the way is short, and nobody moves the goal. */
        private Rebuilt swap(DSLContext sql, boolean isolating) {
            long goal = Checkpoint.awaitLive(sql, projection.id())
                    .map(Checkpoint::height)
                    .orElse(0L);
            Checkpoint own = Checkpoint.lock(sql, state.slot()).orElseThrow();
            while (own.height() < goal) {
                new Step(content, own, isolating).take(sql);
                own = Checkpoint.lock(sql, state.slot()).orElseThrow();
            }
            int failed = failures.count(sql);
            if (failed > 0 && !options.skipFailed()) {
                throw new RebuildStopped(projection.id(), failed, failures.first(sql, RebuildStopped.MAX_LISTED));
            }
            sql.execute("select projection.swap({0})", val(projection.id()));
            return new Rebuilt(projection.id(), own.height(), state.events(), failed);
        }
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("The rebuild was interrupted; the same call goes on from here");
        }
    }
}
