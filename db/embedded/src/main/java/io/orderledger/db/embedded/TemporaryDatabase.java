package io.orderledger.db.embedded;

import io.orderledger.db.migrations.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A migrated database of one's own, on a server that all of them share and that goes away with the JVM. Making one costs a copy of
 * a template, some tens of milliseconds; the first one starts the server too. Any role logs in without a password.
 *
 * <p>Thread-safe.
 */
public final class TemporaryDatabase implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final EmbeddedServer server;
    private final String name;

    private TemporaryDatabase(EmbeddedServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** A new database with the newest schema and no orders. */
    public static TemporaryDatabase create() {
        EmbeddedServer server = Shared.SERVER;
        String name = "temporary_" + COUNTER.incrementAndGet();
        administer(server, "create database " + name + " template " + Shared.TEMPLATE + " owner " + Bootstrap.MIGRATOR);
        return new TemporaryDatabase(server, name);
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return server.port();
    }

    public String name() {
        return name;
    }

    /** Connects as the given role, a new connection for each call. */
    public DataSource as(String role) {
        return server.dataSource(name, role, "");
    }

    /** Connects as the superuser, who may do what no role of the product may. */
    public DataSource asSuperuser() {
        return server.superuser(name);
    }

    /** Ends every session of the database and removes it. */
    @Override
    public void close() {
        administer(server, "drop database if exists " + name + " with (force)");
    }

    private static void administer(EmbeddedServer server, String statement) {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        } catch (SQLException e) {
            throw new Bootstrap.DatabaseSetupFailed(statement, e);
        }
    }

    private static final class Shared {
        static final String TEMPLATE = "migrated";
        static final EmbeddedServer SERVER = start();

        private static EmbeddedServer start() {
            EmbeddedServer server = EmbeddedServer.temporary();
            Bootstrap.migrator(server, "");
            Bootstrap.database(server, TEMPLATE);
            Migrations.migrate(server.dataSource(TEMPLATE, Bootstrap.MIGRATOR, ""));
            return server;
        }
    }
}
