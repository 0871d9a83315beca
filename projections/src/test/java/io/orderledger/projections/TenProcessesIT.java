package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Ten processes at one projection: eight catch up, two rebuild with two workers each. Triggers record who writes which row, who moves which
 * checkpoint, and in which transaction; and a gate stops whoever moves the live checkpoint, so that everybody else is known to have met it.
 */
class TenProcessesIT {
    private static final int CATCHING_UP = 8;
    private static final int REBUILDING = 2;
    private static final int ROUNDS = 25;
    private static final int SWAPS = 2;
    private static final int GATE = 20_26;

    private static final String AUDIT = """
            create table public.audit (
                seq bigint generated always as identity primary key, kind text not null, slot text not null, order_id uuid,
                old_height bigint, new_height bigint, live boolean not null,
                tx xid8 not null default pg_current_xact_id(), worker text not null default current_setting('application_name'));

            create function public.note_row() returns trigger language plpgsql security definer as $$
            begin
                insert into public.audit (kind, slot, order_id, live)
                select tg_op, slot, coalesce(new.order_id, old.order_id), live
                from projection.checkpoint where projection = 'orders_v2' and slot = right(tg_table_name, 1);
                return null;
            end $$;

            create function public.note_truncation() returns trigger language plpgsql security definer as $$
            begin
                insert into public.audit (kind, slot, live)
                select tg_op, slot, live from projection.checkpoint where projection = 'orders_v2' and slot = right(tg_table_name, 1);
                return null;
            end $$;

            create function public.note_checkpoint() returns trigger language plpgsql security definer as $$
            begin
                insert into public.audit (kind, slot, old_height, new_height, live)
                values ('CHECKPOINT', new.slot, old.height, new.height, new.live);
                return null;
            end $$;

            create function public.gate() returns trigger language plpgsql as $$
            begin
                perform pg_advisory_xact_lock_shared(%d);
                return new;
            end $$;

            create trigger note_row after insert or update or delete on projection.orders_v2_a for each row execute function public.note_row();
            create trigger note_row after insert or update or delete on projection.orders_v2_b for each row execute function public.note_row();
            create trigger note_truncation after truncate on projection.orders_v2_a execute function public.note_truncation();
            create trigger note_truncation after truncate on projection.orders_v2_b execute function public.note_truncation();
            create trigger note_checkpoint after update on projection.checkpoint for each row
                when (new.projection = 'orders_v2') execute function public.note_checkpoint();
            create trigger gate before update of height on projection.checkpoint for each row
                when (old.projection = 'orders_v2' and old.live) execute function public.gate();

            -- What happened to a table since it was last emptied is one generation of it. A row that is written belongs to the next move of the
            -- checkpoint in its transaction; those that a rebuild fills in have none.
            create view public.noted as
            select a.*,
                (select count(*) from public.audit t where t.kind = 'TRUNCATE' and t.slot = a.slot and t.seq < a.seq) as generation,
                (select min(m.seq) from public.audit m
                 where m.kind = 'CHECKPOINT' and m.slot = a.slot and m.tx = a.tx and m.seq > a.seq and m.new_height > m.old_height) as move
            from public.audit a""".formatted(GATE);

    private final List<Worker> workers = new ArrayList<>();
    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        workers.forEach(worker -> worker.process.destroyForcibly());
        orders.close();
    }

    @Test
    void no_row_is_written_by_two_and_the_checkpoint_never_goes_back() throws Exception {
        orders.change(AUDIT);
        List<UUID> placed = new ArrayList<>();
        addBlocks(placed, 10);
        IntStream.range(0, CATCHING_UP).forEach(i -> start(ProjectionWorker.CATCH_UP, "catching-up-" + i));
        IntStream.range(0, REBUILDING).forEach(i -> start(ProjectionWorker.REBUILD, "rebuilding-" + i));
        awaitAll(workers, ProjectionWorker.READY);
        List<Worker> catchingUp = workers.subList(0, CATCHING_UP);
        List<Worker> rebuilding = workers.subList(CATCHING_UP, CATCHING_UP + REBUILDING);

        Worker atTheCheckpoint;
        Worker holdsTheRebuild;
        try (Connection connection = orders.connectSuperuser();
                Statement gate = connection.createStatement()) {
            gate.execute("select pg_advisory_lock(" + GATE + ")");
            catchingUp.forEach(Worker::go);
            atTheCheckpoint = awaitWhoIsAtTheGate();
            awaitAll(without(catchingUp, atTheCheckpoint), ProjectionWorker.BUSY);
            rebuilding.forEach(Worker::go);
            await().atMost(LIMIT)
                    .until(() -> rebuilding.stream().anyMatch(worker -> worker.has(ProjectionWorker.HELD)));
            holdsTheRebuild = rebuilding.stream()
                    .filter(worker -> !worker.has(ProjectionWorker.HELD))
                    .findFirst()
                    .orElseThrow();
            // Whoever had the lock dies with everything undone, and somebody else has to do it.
            kill(atTheCheckpoint);
            kill(holdsTheRebuild);
        }
        for (int i = 0; i < ROUNDS; i++) {
            addBlocks(placed, 1);
        }
        await().atMost(LIMIT).until(() -> swaps() >= SWAPS);
        for (Worker worker : workers) {
            worker.end();
        }
        orders.bringUpToDate();

        assertThat(orders.look("select distinct worker from public.audit"))
                .hasSizeGreaterThan(1)
                .doesNotContain(atTheCheckpoint.name);
        assertThat(orders.look("select count(*) > 0 from public.noted where kind = 'INSERT' group by move is null"))
                .as("rows written by rebuilds, and by whoever moved a checkpoint")
                .containsExactly("t", "t");
        assertThat(checkpointsThatDoNotGoOnFromTheOneBefore()).isEmpty();
        assertThat(liveCheckpointsThatWentBack()).isEmpty();
        assertThat(rowsWrittenTwice()).isEmpty();
        assertThat(rowsOfTheLiveTableWithoutItsCheckpoint()).isEmpty();
        assertThat(orders.look("select count(*) from projection.orders_v2")).containsExactly("" + placed.size());
        assertThat(orders.check().all(ORDERS, done -> {}).first()).isEmpty();
    }

    /** Blocks of a new order each, and of a cancellation of an older one. */
    private void addBlocks(List<UUID> placed, int count) {
        for (int i = 0; i < count; i++) {
            UUID order = UUID.randomUUID();
            placed.add(order);
            orders.append(
                    placing(order, NOON.plusSeconds(placed.size())),
                    cancellation(placed.get(placed.size() / 2), NOON.plusSeconds(placed.size())));
            orders.ledger().seal();
        }
    }

    private List<String> checkpointsThatDoNotGoOnFromTheOneBefore() throws SQLException {
        return orders.look("""
                select c::text from (
                    select n.*, lag(n.new_height) over (partition by n.slot, n.generation order by n.seq) as before
                    from public.noted n where n.kind = 'CHECKPOINT') c
                where c.before is not null and (c.old_height <> c.before or c.new_height < c.old_height)""");
    }

    private List<String> liveCheckpointsThatWentBack() throws SQLException {
        return orders.look("""
                select c::text from (
                    select n.*, lag(n.new_height) over (order by n.seq) as before
                    from public.noted n where n.kind = 'CHECKPOINT' and n.live) c
                where c.new_height < c.before""");
    }

    private List<String> rowsWrittenTwice() throws SQLException {
        return orders.look("""
                select slot || ' ' || generation || ' ' || order_id || ' by ' || string_agg(worker, ', ' order by seq)
                from public.noted where kind in ('INSERT', 'UPDATE', 'DELETE')
                group by slot, generation, order_id, move
                having count(*) > 1""");
    }

    private List<String> rowsOfTheLiveTableWithoutItsCheckpoint() throws SQLException {
        return orders.look(
                "select n::text from public.noted n where kind in ('INSERT', 'UPDATE', 'DELETE') and live and move is null");
    }

    private int swaps() throws SQLException {
        return Integer.parseInt(orders.look(
                        "select count(*) from public.audit where kind = 'CHECKPOINT' and live and old_height = new_height")
                .getFirst());
    }

    private Worker awaitWhoIsAtTheGate() {
        List<String> names = await().atMost(LIMIT).until(this::waitingAtTheGate, found -> !found.isEmpty());
        assertThat(names).hasSize(1);
        return workers.stream()
                .filter(worker -> worker.name.equals(names.getFirst()))
                .findFirst()
                .orElseThrow();
    }

    private List<String> waitingAtTheGate() throws SQLException {
        return orders.look("select a.application_name from pg_stat_activity a join pg_locks l on l.pid = a.pid"
                + " where l.locktype = 'advisory' and l.objid = " + GATE + " and not l.granted"
                + " and a.datname = current_database()");
    }

    private static List<Worker> without(List<Worker> all, Worker one) {
        return all.stream().filter(worker -> worker != one).toList();
    }

    private static void awaitAll(List<Worker> all, String word) {
        for (Worker worker : all) {
            await(worker.name + " says " + word).atMost(LIMIT).until(() -> worker.has(word));
        }
    }

    private static void kill(Worker worker) throws InterruptedException {
        worker.isKilled = true;
        worker.process.destroyForcibly().waitFor();
    }

    private void start(String work, String name) {
        try {
            workers.add(new Worker(
                    name,
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-XX:+UseSerialGC",
                                    "-Xmx128m",
                                    "-classpath",
                                    System.getProperty("java.class.path"),
                                    ProjectionWorker.class.getName(),
                                    work,
                                    name,
                                    Integer.toString(orders.port()),
                                    orders.databaseName())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process of its own. */
    private static final class Worker {
        private final String name;
        private final Process process;
        private final Set<String> said = ConcurrentHashMap.newKeySet();
        private boolean isKilled;

        Worker(String name, Process process) {
            this.name = name;
            this.process = process;
            Thread.ofVirtual().start(this::listen);
        }

        private void listen() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(said::add);
            } catch (IOException | UncheckedIOException e) {
                said.add("ended");
            }
        }

        boolean has(String word) {
            return said.contains(word);
        }

        void go() {
            try {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Its input ends, and with it the process, unless it was killed. */
        void end() throws IOException, InterruptedException {
            if (!isKilled) {
                process.getOutputStream().close();
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as(name).isZero();
            }
        }
    }
}
