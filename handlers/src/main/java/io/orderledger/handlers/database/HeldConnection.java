package io.orderledger.handlers.database;

import io.orderledger.handlers.NetworkTimeout;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.ledger.LedgerUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of an execution environment, as a data source. It is opened by the first statement, so neither the start of the
 * function nor a snapshot of it holds one, and it stays open between invocations.
 *
 * <p>Thread-safe: Lambda runs one invocation at a time in an environment, and whoever runs more shares the connection in turns.
 */
public final class HeldConnection extends Connections {
    private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);

    /** Below this, a second try could not be answered any more. */
    private static final Duration MIN_TIME_FOR_SECOND_TRY = Duration.ofSeconds(1);

    private static final String CONNECTION_EXCEPTION_CLASS = "08";

    private static final String CANNOT_CONNECT = "08001";

    /** The session was ended by an administrator, by a crash, or the server starts; or it is with a former writer, now read-only. */
    private static final Set<String> SESSION_IS_OVER = Set.of("57P01", "57P02", "57P03", "25006");

    private final ServerConnections server;
    private final Function<RemainingTime, Timeouts> patience;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Connection connection;
    private @Nullable RemainingTime time;
    private boolean suspended;
    private boolean rehearsing;

    HeldConnection(ServerConnections server) {
        this(server, Timeouts::within);
    }

    private HeldConnection(ServerConnections server, Function<RemainingTime, Timeouts> patience) {
        this.server = server;
        this.patience = patience;
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @throws UnusableSetting if the environment does not say how to connect
     */
    public static HeldConnection from(Map<String, String> environment) {
        return from(environment, Timeouts::within);
    }

    /** As {@link #from}, for statements that may take as long as the invocation. */
    public static HeldConnection patient(Map<String, String> environment) {
        return from(environment, Timeouts::patientWithin);
    }

    private static HeldConnection from(Map<String, String> environment, Function<RemainingTime, Timeouts> patience) {
        ConnectionSettings settings = ConnectionSettings.from(environment);
        ServerConnections server = new ServerConnections(settings, Passwords.from(settings, environment));
        return NetworkTimeout.from(environment)
                .map(fixed -> new HeldConnection(server, _ -> new Timeouts(fixed, fixed)))
                .orElseGet(() -> new HeldConnection(server, patience));
    }

    /**
     * Does work whose waits for the database leave the invocation time to answer. If a connection from an earlier invocation turns
     * out to be dead, the work is done again on a new one, once: so it has to be idempotent, and nothing is asked of the server just
     * to find out whether it is there.
     *
     * @throws LedgerUnavailable if the database cannot do it now
     */
    public <T> T call(RemainingTime invocation, Supplier<T> idempotentWork) {
        turn.lock();
        RemainingTime outer = time;
        try {
            time = invocation;
            boolean held = connection != null;
            try {
                return idempotentWork.get();
            } catch (LedgerUnavailable e) {
                if (!isLost(e)) {
                    throw e;
                }
                discard();
                if (!held || invocation.left().compareTo(MIN_TIME_FOR_SECOND_TRY) < 0) {
                    throw e;
                }
                LOG.info("The database connection was lost (SQLSTATE {}); trying once more on a new one", e.sqlState());
                return idempotentWork.get();
            }
        } finally {
            time = outer;
            turn.unlock();
        }
    }

    /**
     * Lends the connection to this thread until it is closed; closing it gives it back. Only within {@link #call}, which says how long
     * the database may take.
     */
    @Override
    public Connection getConnection() throws SQLException {
        RemainingTime invocation = time;
        if (!turn.isHeldByCurrentThread() || invocation == null) {
            throw new IllegalStateException("The connection is lent only within HeldConnection.call");
        }
        if (rehearsing) {
            return NoRows.connection();
        }
        if (suspended) {
            throw new SQLTransientConnectionException(
                    "No connection is opened until the function is restored from its snapshot", CANNOT_CONNECT);
        }
        Timeouts timeouts = patience.apply(invocation);
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = server.open(timeouts);
            connection = open;
        }
        open.setNetworkTimeout(Runnable::run, (int) timeouts.read().toMillis());
        return LentConnection.of(open);
    }

    /** Closes the connection, and opens none until {@link #resume}: what is in a snapshot is in every environment that begins from it. */
    public void suspend() {
        turn.lock();
        try {
            suspended = true;
            discard();
        } finally {
            turn.unlock();
        }
    }

    /** Connections may be opened again; the next statement opens one. */
    public void resume() {
        turn.lock();
        try {
            suspended = false;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Does work, on this thread, on connections behind which there is no server: every statement finds no rows. Whatever the work makes of
     * that, and how it fails, is of no account.
     */
    public void rehearse(Runnable work) {
        turn.lock();
        try {
            rehearsing = true;
            work.run();
        } catch (RuntimeException e) {
            LOG.debug("The rehearsal went as far as it can go without rows", e);
        } finally {
            rehearsing = false;
            turn.unlock();
        }
    }

    private static boolean isLost(LedgerUnavailable e) {
        return e.sqlState().startsWith(CONNECTION_EXCEPTION_CLASS) || SESSION_IS_OVER.contains(e.sqlState());
    }

    private void discard() {
        Connection lost = connection;
        connection = null;
        if (lost != null) {
            try {
                lost.close();
            } catch (SQLException e) {
                LOG.debug("A lost connection could not be closed", e);
            }
        }
    }
}
