package io.orderledger.local.world;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Somebody's dealings with the database and the queues: an execution environment of a function, or an operator's command. A dead one
 * reaches neither any more, so that whatever its code still does after a crash has no effect, as if it did not run.
 */
final class Session {
    private final String name;
    private final List<DatabaseLink> links = new CopyOnWriteArrayList<>();
    private volatile boolean dead;
    private Optional<Planned> planned = Optional.empty();
    private int statements;

    /** A fault that is to strike at a statement, counted from now. */
    record Planned(Fault fault, int atStatement) {}

    Session(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Begins a piece of work, with a fault in it or not. */
    synchronized void begin(Optional<Planned> fault) {
        statements = 0;
        planned = fault;
    }

    synchronized int statements() {
        return statements;
    }

    /** Counts a statement, and tells which fault strikes at it. */
    synchronized Optional<Fault> nextStatement() {
        statements++;
        Optional<Fault> strikes =
                planned.filter(fault -> statements >= fault.atStatement()).map(Planned::fault);
        if (strikes.isPresent()) {
            planned = Optional.empty();
        }
        return strikes;
    }

    void opened(DatabaseLink link) {
        links.add(link);
    }

    boolean isDead() {
        return dead;
    }

    /** From now on nothing that it does has any effect. */
    void die() {
        dead = true;
    }

    /** Cuts one of its connections, while it is not using it; false if it has none. */
    boolean loseIdleConnection(Chance chance) {
        List<DatabaseLink> open = links.stream().filter(DatabaseLink::isOpen).toList();
        if (open.isEmpty()) {
            return false;
        }
        chance.pick(open).cut();
        return true;
    }

    /** Ends its connections; when this returns, the server has undone what they had not committed. */
    void end() {
        die();
        links.forEach(DatabaseLink::cut);
    }
}
