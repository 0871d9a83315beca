package io.orderledger.local.world;

import io.orderledger.local.world.DatabaseLink.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the database fails: at single statements, and as a whole for a while. */
final class DatabaseFaults implements DatabaseLink.Judge {
    private static final List<Fault> AT_STATEMENTS = List.of(
            Fault.CRASH_BEFORE_STATEMENT,
            Fault.CRASH_AFTER_STATEMENT,
            Fault.CONNECTION_LOST_BEFORE_STATEMENT,
            Fault.CONNECTION_LOST_AFTER_STATEMENT,
            Fault.COMMIT_ANSWER_LOST,
            Fault.STATEMENT_REFUSED);

    /** An append, its seal and the views take about so many. */
    private static final int STATEMENTS_OF_A_FUNCTION = 25;

    private static final int MAX_OUTAGES_OF_A_KIND = 2;

    private final Timeline time;
    private final Chance chance;
    private final Faults faults;
    private volatile Instant awayUntil = Instant.MIN;
    private volatile Instant readOnlyUntil = Instant.MIN;

    DatabaseFaults(Timeline time, Chance chance, Faults faults) {
        this.time = time;
        this.chance = chance;
        this.faults = faults;
    }

    /** Draws which fault, if any, is to strike a piece of work, and at which of its statements. */
    Optional<Session.Planned> plan() {
        return AT_STATEMENTS.stream()
                .filter(faults::mayStrike)
                .findFirst()
                .map(fault -> new Session.Planned(fault, firstStatementMoreOften()));
    }

    /** The first is the append itself. */
    private int firstStatementMoreOften() {
        return chance.happens(0.4) ? 1 : chance.between(2, STATEMENTS_OF_A_FUNCTION);
    }

    /** Plans when the database is away as a whole. */
    void planOutages(Duration within, DatabaseProxy proxy) {
        for (Fault fault : List.of(Fault.FAILOVER, Fault.CONNECTION_REFUSED, Fault.READ_ONLY)) {
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
            default -> throw new IllegalArgumentException(fault + " is no outage");
        }
    }

    void heal() {
        awayUntil = Instant.MIN;
        readOnlyUntil = Instant.MIN;
    }

    @Override
    public boolean admits(Session session) {
        return !session.isDead() && !time.instant().isBefore(awayUntil);
    }

    @Override
    public Verdict verdict(Session session, boolean inTransaction) {
        if (session.isDead()) {
            return Verdict.LOSE_BEFORE;
        }
        if (time.instant().isBefore(readOnlyUntil)) {
            return inTransaction ? Verdict.LOSE_BEFORE : Verdict.REFUSE_READ_ONLY;
        }
        Optional<Fault> strikes = session.nextStatement();
        return strikes.map(fault -> strike(fault, session, inTransaction)).orElse(Verdict.PASS);
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
            case CONNECTION_LOST_BEFORE_STATEMENT -> {
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
