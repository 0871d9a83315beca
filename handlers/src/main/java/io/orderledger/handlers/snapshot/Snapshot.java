package io.orderledger.handlers.snapshot;

import io.orderledger.handlers.database.HeldConnection;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda starts a published version from a snapshot of its memory, taken when it is published. Before that, this loads the classes that a
 * first request needs and rehearses one, without any server; and until an environment begins from the snapshot, no connection is opened. So
 * nothing of a connection, a token or a session is in it.
 *
 * <p>Nothing that goes wrong here keeps a version from being published: the first request then does by itself what was left out.
 *
 * <p>Where nobody takes snapshots nothing happens. Whoever makes one of these keeps it: those who take snapshots refer to it weakly.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Lambda's hooks</a>
 */
public final class Snapshot implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    private final Optional<HeldConnection> database;
    private final Runnable rehearsal;

    private Snapshot(Optional<HeldConnection> database, Runnable rehearsal) {
        this.database = database;
        this.rehearsal = rehearsal;
    }

    /**
     * For a function with a database.
     *
     * @param rehearsal goes through what a request does; its statements find no rows, so it may fail
     */
    public static Snapshot around(HeldConnection database, Runnable rehearsal) {
        return registered(new Snapshot(Optional.of(database), rehearsal));
    }

    /** For a function whose work cannot be rehearsed, since it calls other services of AWS. */
    public static Snapshot around(HeldConnection database) {
        return around(database, () -> {});
    }

    /** For a function without a database. */
    public static Snapshot withoutDatabase() {
        return registered(new Snapshot(Optional.empty(), () -> {}));
    }

    private static Snapshot registered(Snapshot snapshot) {
        Core.getGlobalContext().register(snapshot);
        return snapshot;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        database.ifPresent(HeldConnection::suspend);
        try {
            int loaded = PrimedClasses.load();
            database.ifPresent(held -> held.rehearse(rehearsal));
            LOG.info("Ready for a snapshot, {} classes loaded", loaded);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Not all that a first request needs is loaded", e);
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        database.ifPresent(HeldConnection::resume);
    }
}
