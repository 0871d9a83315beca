package io.orderledger.local.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Somebody's dealings with the database and the services: an execution environment of a function, or an operator's command. A dead one
 * reaches neither any more, so that whatever its code still does after a crash has no effect, as if it did not run.
 */
final class Session {
    private final String name;
    private final boolean behindProxy;
    private final List<DatabaseLink> links = new CopyOnWriteArrayList<>();
    private final List<Planned> planned = new ArrayList<>();
    private volatile boolean dead;
    private Optional<UUID> message = Optional.empty();
    private int statements;

    /** A fault that is to strike at a statement, counted from now; or at the first end of a transaction from that statement on. */
    record Planned(Fault fault, int atStatement) {
        boolean strikesAt(int statement, boolean isCommit) {
            return statement >= atStatement && (isCommit || fault != Fault.CONNECTION_LOST_IN_COMMIT);
        }
    }

    /** @param behindProxy whether its connections may be given another session of the server, as a proxy does */
    Session(String name, boolean behindProxy) {
        this.name = name;
        this.behindProxy = behindProxy;
    }

    String name() {
        return name;
    }

    /** Begins a piece of work on a message or on none, with faults in it or not. */
    synchronized void begin(List<Planned> faults, Optional<UUID> about) {
        statements = 0;
        planned.clear();
        planned.addAll(faults);
        message = about;
    }

    /** The message that it works on. */
    synchronized Optional<UUID> message() {
        return message;
    }

    synchronized int statements() {
        return statements;
    }

    /** Counts a statement, and tells which fault strikes at it. */
    synchronized Optional<Fault> nextStatement(boolean isCommit) {
        statements++;
        Optional<Planned> strikes = planned.stream()
                .filter(fault -> fault.strikesAt(statements, isCommit))
                .findFirst();
        strikes.ifPresent(planned::remove);
        return strikes.map(Planned::fault);
    }

    void opened(DatabaseLink link) {
        links.add(link);
    }

    /** The connection that was made last: to be asked by whoever has just made one. */
    DatabaseLink newest() {
        return links.getLast();
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
        return inUse(chance).map(DatabaseLink::cut).isPresent();
    }

    /** Gives one of its connections another session of the server, while it is not using it; false if there is none to give. */
    boolean replaceIdleSession(Chance chance) {
        return behindProxy && inUse(chance).map(DatabaseLink::replaceServer).isPresent();
    }

    private Optional<DatabaseLink> inUse(Chance chance) {
        List<DatabaseLink> open = links.stream().filter(DatabaseLink::isInUse).toList();
        return open.isEmpty() ? Optional.empty() : Optional.of(chance.pick(open));
    }

    /** Ends its connections; when this returns, the server has undone what they had not committed. */
    void end() {
        die();
        links.forEach(DatabaseLink::cut);
    }
}
