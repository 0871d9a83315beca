package io.orderledger.local.world;

import io.orderledger.local.world.DatabaseLink.Statement;
import io.orderledger.local.world.DatabaseLink.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** How the database fails: at single statements, and as a whole for a while. */
final class DatabaseFaults implements DatabaseLink.Judge {
    private static final List<Fault> AT_STATEMENTS = List.of(
            Fault.CRASH_BEFORE_STATEMENT,
            Fault.CRASH_AFTER_STATEMENT,
            Fault.CONNECTION_LOST_BEFORE_STATEMENT,
            Fault.CONNECTION_LOST_AFTER_STATEMENT,
            Fault.CONNECTION_LOST_IN_COMMIT,
            Fault.COMMIT_ANSWER_LOST,
            Fault.STATEMENT_REFUSED);

    /** An append, its seal and the views take about so many. */
    private static final int STATEMENTS_OF_A_FUNCTION = 60;

    private static final Duration MAX_STEP = Duration.ofHours(1);
    private static final byte[] APPEND = "\"append\"(".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_OUTAGES_OF_A_KIND = 2;

    private final Timeline time;
    private final Chance chance;
    private final Faults faults;
    private final DatabaseClock clock;
    private final Set<UUID> poisoned = new LinkedHashSet<>();
    private volatile boolean healed;
    private volatile Instant awayUntil = Instant.MIN;
    private volatile Instant readOnlyUntil = Instant.MIN;

    DatabaseFaults(Timeline time, Chance chance, Faults faults, DatabaseClock clock) {
        this.clock = clock;
        this.time = time;
        this.chance = chance;
        this.faults = faults;
    }

    /** Draws which faults, if any, are to strike a piece of work, and at which of its statements: none mostly, and sometimes several. */
    List<Session.Planned> plan(int statements) {
        return AT_STATEMENTS.stream()
                .filter(faults::mayStrike)
                .map(fault -> new Session.Planned(fault, firstStatementMoreOften(statements)))
                .toList();
    }

    List<Session.Planned> plan() {
        return plan(STATEMENTS_OF_A_FUNCTION);
    }

    /** The first is the append itself. */
    private int firstStatementMoreOften(int statements) {
        return chance.happens(0.3) ? 1 : chance.between(2, statements);
    }

    /** From now on appends under this event ID fail, each of them, until the database is healed. */
    void poison(UUID eventId) {
        if (faults.strikes(Fault.APPEND_FAILS)) {
            poisoned.add(eventId);
        }
    }

    boolean wasPoisoned(UUID eventId) {
        return poisoned.contains(eventId);
    }

    /** Plans when the database is away as a whole. */
    void planOutages(Duration within, DatabaseProxy proxy) {
        for (Fault fault : List.of(Fault.FAILOVER, Fault.CONNECTION_REFUSED, Fault.READ_ONLY, Fault.CLOCK_STEPPED)) {
            for (int i = 0; i < MAX_OUTAGES_OF_A_KIND; i++) {
                if (chance.happens(faults.probability(fault))) {
                    Duration when = chance.nextBoolean()
                            ? chance.duration(Duration.ofMillis(1), within)
                            : chance.moment(within);
                    time.after(when, () -> strike(fault, proxy));
                }
            }
        }
    }

    private void strike(Fault fault, DatabaseProxy proxy) {
        if (!faults.areOn()) {
            return;
        }
        Instant until = time.instant().plus(chance.duration(Duration.ofSeconds(1), Duration.ofHours(8)));
        faults.note(fault);
        switch (fault) {
            case FAILOVER -> {
                proxy.cutAll();
                awayUntil = until;
            }
            case CONNECTION_REFUSED -> awayUntil = until;
            case READ_ONLY -> readOnlyUntil = until;
            case CLOCK_STEPPED -> {
                Duration step = chance.duration(Duration.ofMillis(1), MAX_STEP);
                clock.setWrongBy(chance.nextBoolean() ? step : step.negated());
            }
            default -> throw new IllegalArgumentException(fault + " is no outage");
        }
    }

    void heal() {
        awayUntil = Instant.MIN;
        readOnlyUntil = Instant.MIN;
        healed = true;
    }

    @Override
    public boolean admits(Session session) {
        return !session.isDead() && !time.instant().isBefore(awayUntil);
    }

    @Override
    public Verdict verdict(Session session, Statement statement) {
        if (session.isDead()) {
            return Verdict.LOSE_BEFORE;
        }
        clock.tell();
        boolean inTransaction = statement.inTransaction();
        if (time.instant().isBefore(readOnlyUntil)) {
            return inTransaction ? Verdict.LOSE_BEFORE : Verdict.REFUSE_READ_ONLY;
        }
        Optional<Fault> strikes = session.nextStatement(statement.isCommit());
        if (strikes.isPresent()) {
            return strike(strikes.get(), session, inTransaction);
        }
        return isPoisoned(statement) ? Verdict.REFUSE_INTERNAL_ERROR : Verdict.PASS;
    }

    /** A UUID travels as text or as its bytes. */
    private boolean isPoisoned(Statement statement) {
        return !healed
                && !poisoned.isEmpty()
                && !statement.inTransaction()
                && statement.contains(APPEND)
                && poisoned.stream()
                        .anyMatch(id -> statement.contains(id.toString().getBytes(StandardCharsets.US_ASCII))
                                || statement.contains(ByteBuffer.allocate(2 * Long.BYTES)
                                        .putLong(id.getMostSignificantBits())
                                        .putLong(id.getLeastSignificantBits())
                                        .array()));
    }

    private Verdict strike(Fault fault, Session session, boolean inTransaction) {
        return switch (fault) {
            case CRASH_BEFORE_STATEMENT -> {
                session.die();
                faults.note(fault);
                yield Verdict.LOSE_BEFORE;
            }
            case CRASH_AFTER_STATEMENT -> {
                session.die();
                faults.note(fault);
                yield Verdict.LOSE_AFTER;
            }
            case CONNECTION_LOST_BEFORE_STATEMENT, CONNECTION_LOST_IN_COMMIT -> {
                faults.note(fault);
                yield Verdict.LOSE_BEFORE;
            }
            case STATEMENT_REFUSED -> {
                faults.note(fault);
                yield inTransaction ? Verdict.LOSE_BEFORE : Verdict.REFUSE_NO_MEMORY;
            }
            default -> Verdict.LOSE_AFTER; // noted when it is known what was lost
        };
    }

    @Override
    public void lostAnswer(Session session, boolean committed) {
        if (!session.isDead()) {
            faults.note(committed ? Fault.COMMIT_ANSWER_LOST : Fault.CONNECTION_LOST_AFTER_STATEMENT);
        }
    }
}
