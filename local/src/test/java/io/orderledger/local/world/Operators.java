package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.ledger.Erasure;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.functions.FunctionUnavailable;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.functions.InvocationResult;
import io.orderledger.projections.Projection;
import io.orderledger.projections.Rebuild;
import io.orderledger.projections.RebuildHeld;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.RebuildStopped;
import io.orderledger.projections.registered.RegisteredProjections;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Schedules and people: they replay, seal and catch up, announce, export, import, rebuild and erase at any moment, and again after a failure.
 */
final class Operators implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final Duration TRY_AGAIN = Duration.ofMinutes(5);
    private static final int MAX_TRIES = 500;
    private static final int STATEMENTS_OF_A_COMMAND = 80;
    private static final int SMALL_CHUNK = 7;

    private final World world;
    private final Chance chance;
    private final Functions functions;
    private final List<FunctionDefinition> definitions;
    private final Function<String, DataSource> database;
    private final Heads heads = new Heads();
    private int commands;

    /** @param database the way to the database on which things go wrong, as a role */
    Operators(
            World world,
            Functions functions,
            List<FunctionDefinition> definitions,
            Function<String, DataSource> database) {
        this.world = world;
        this.chance = world.chance();
        this.functions = functions;
        this.definitions = definitions;
        this.database = database;
    }

    /** Plans what they do while there are faults. */
    void plan(Duration within, List<String> customers) {
        Duration every = chance.duration(Duration.ofMinutes(2), Duration.ofHours(4));
        int runs = (int) Math.min(12, within.dividedBy(every));
        for (int run = 1; run <= runs; run++) {
            world.time().after(every.multipliedBy(run), this::keepUp);
        }
        for (int i = chance.between(0, 8); i > 0; i--) {
            world.time().after(chance.moment(within), () -> replay(Optional.of(chance.between(1, 30))));
        }
        for (int i = chance.between(0, 6); i > 0; i--) {
            world.time().after(chance.duration(SHORT, within), this::replayByItself);
        }
        for (int i = chance.between(0, 8); i > 0; i--) {
            world.time().after(chance.duration(SHORT, within), this::announce);
            if (chance.happens(0.3)) {
                world.time().after(chance.duration(SHORT, within), this::announce);
            }
        }
        for (int i = chance.between(0, 2); i > 0; i--) {
            world.time().after(chance.duration(SHORT, within), this::exportHead);
            world.time().after(chance.duration(SHORT, within), this::importBatch);
        }
        if (world.faults().mayStrike(Fault.ARCHIVE_REPLAYED)) {
            // Up to two days later, when some of what it keeps is erased.
            world.time().after(chance.duration(Duration.ofMinutes(1), Duration.ofDays(2)), this::replayArchive);
        }
        Projection often = chance.pick(RegisteredProjections.ALL);
        for (int i = chance.between(0, 2); i > 0; i--) {
            // Often two of the same, so that they meet.
            Projection projection = chance.nextBoolean() ? often : chance.pick(RegisteredProjections.ALL);
            world.time().after(chance.duration(SHORT, within), () -> rebuild(projection));
        }
        customers.stream().filter(_ -> chance.happens(0.35)).forEach(customer -> {
            // Some before they order anything, some between two orders, and some twice.
            world.time().after(chance.duration(SHORT, within), () -> erase(customer));
            if (chance.happens(0.3)) {
                world.time().after(chance.moment(within), () -> erase(customer));
            }
        });
    }

    /** What a schedule would do; and what it answers. */
    Optional<JsonNode> replayByItself() {
        Optional<JsonNode> answer = invoke("ReplayByItself", "{}");
        world.trace().add("replay by itself", answer.map(JsonNode::toString).orElse("failed"));
        return answer;
    }

    /** Whether everything is announced now. */
    boolean announce() {
        Optional<JsonNode> answer = invoke("AnnounceEvents", "{}");
        world.trace().add("announce", answer.map(JsonNode::toString).orElse("failed"));
        return answer.map(given -> given.get("complete").asBoolean()).orElse(false);
    }

    private void replayArchive() {
        if (world.faults().areOn()) {
            world.faults().note(Fault.ARCHIVE_REPLAYED);
            world.replayArchive("replay-" + chance.nextInt(1_000));
        }
    }

    void exportHead() {
        command(
                "export",
                session -> heads.exporter(database.apply("ledger_auditor")).export());
    }

    Verifier.Exported exportedHeads() {
        return heads.exported(world.database().as("ledger_auditor"));
    }

    private void importBatch() {
        Batch batch = new Batch(world);
        command("import", session -> batch.append(new Ledger(database.apply("ledger_recorder"))));
    }

    void keepUp() {
        world.trace().add("keep up", invoke("KeepUp", "{}").isPresent());
    }

    /** Replays the dead letters, and gives the function's answer, where it gave one. */
    Optional<JsonNode> replay(Optional<Integer> maxMessages) {
        String event = maxMessages.map(most -> "{\"maxMessages\":" + most + "}").orElse("{}");
        Optional<JsonNode> answer = invoke("ReplayDeadLetters", event);
        world.trace().add("replay", answer.map(JsonNode::toString).orElse("failed"));
        return answer;
    }

    Optional<JsonNode> invoke(String handler, String event) {
        FunctionDefinition definition = definitions.stream()
                .filter(each -> each.handler().endsWith("." + handler))
                .findFirst()
                .orElseThrow();
        try {
            return switch (functions.invoke(definition.arn(), event.getBytes(StandardCharsets.UTF_8))) {
                case InvocationResult.Success(byte[] payload) ->
                    Optional.of(LedgerRows.json(new String(payload, StandardCharsets.UTF_8)));
                case InvocationResult.Failure _ -> Optional.empty();
            };
        } catch (FunctionUnavailable e) {
            return Optional.empty();
        }
    }

    private interface Command {
        void run(Session session) throws InterruptedException;
    }

    private void rebuild(Projection projection) {
        command(
                "rebuild " + projection.id(),
                session -> new Rebuild(database.apply("ledger_projector"))
                        .run(
                                projection,
                                new RebuildOptions(1, SMALL_CHUNK, chance.happens(0.2), false),
                                _ -> pause(session)));
    }

    /** Between two pieces of work others act, and connections are lost. */
    private void pause(Session session) {
        if (world.faults().areOn() && chance.happens(0.3)) {
            world.time().sleep(chance.duration(Duration.ofMillis(10), Duration.ofMinutes(30)));
            world.time().enter(session);
            world.troubleIdleConnection(session);
        }
    }

    private void erase(String customer) {
        var begun = new Instant[] {world.databaseClock().instant()};
        if (!world.mutates(Mutation.ERASURE_FORGOTTEN, 1)) {
            command("erase " + customer, session -> {
                begun[0] = world.databaseClock().instant();
                new Erasure(database.apply("ledger_eraser"), MAX_WAIT).erase(customer, _ -> pause(session));
            });
        }
        world.requests().erased(customer, begun[0]);
    }

    /** Runs a command as often as it takes. */
    private void command(String name, Command command) {
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            Session session = new Session(name + " " + ++commands, false);
            session.begin(world.databaseFaults().plan(STATEMENTS_OF_A_COMMAND), Optional.empty());
            world.time().enter(session);
            try {
                command.run(session);
                world.trace().add("command", name, "done");
                return;
            } catch (LedgerUnavailable | RebuildHeld | RebuildStopped e) {
                world.trace().add("command", name, e.getClass().getSimpleName());
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts here", e);
            } finally {
                session.end();
            }
            world.time().sleep(TRY_AGAIN);
        }
        throw new AssertionError(name + " does not come to an end");
    }

    @Override
    public void close() {
        heads.close();
    }
}
