package io.orderledger.db.embedded;

import io.orderledger.db.migrations.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A migrated database of one's own, on a server that all of a JVM share: an embedded one that goes away with the JVM, or, by
 * {@code -Ddatabase}, a container's or one that is there. Making a database costs a copy of a template, some tens of milliseconds; the
 * first one starts the server too. Any role logs in without a password.
 *
 * <p>Thread-safe.
 */
public final class TemporaryDatabase implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Server server;
    private final String name;

    private TemporaryDatabase(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    /** A new database with the newest schema and no orders. */
    public static TemporaryDatabase create() {
        Server server = Shared.SERVER;
        String name = Shared.TEMPLATE + "_" + COUNTER.incrementAndGet();
        administer(server, "create database " + name + " template " + Shared.TEMPLATE + " owner " + Bootstrap.MIGRATOR);
        return new TemporaryDatabase(server, name);
    }

    /**
     * A new database with the schema that an earlier migration left, and no orders: where an upgrade begins.
     *
     * @param version number of the last migration that is applied
     */
    public static TemporaryDatabase createAtVersion(int version) {
        Server server = Shared.SERVER;
        String name = Shared.TEMPLATE + "_" + COUNTER.incrementAndGet();
        Bootstrap.database(server, name);
        Migrations.migrateTo(server.dataSource(name, Bootstrap.MIGRATOR, ""), version);
        return new TemporaryDatabase(server, name);
    }

    /** Brings the database to the newest schema. */
    public void migrate() {
        Migrations.migrate(as(Bootstrap.MIGRATOR));
    }

    public String host() {
        return server.host();
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
        drop(server, name);
    }

    private static void drop(Server server, String name) {
        administer(server, "drop database if exists " + name + " with (force)");
    }

    private static void administer(Server server, String statement) {
        try (Connection connection = server.superuser("postgres").getConnection();
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        } catch (SQLException e) {
            throw new Bootstrap.DatabaseSetupFailed(statement, e);
        }
    }

    private static final class Shared {
        /** Of this JVM: the server may be others', too. */
        static final String TEMPLATE =
                "temporary_" + UUID.randomUUID().toString().replace("-", "");

        static final Server SERVER = prepared();

        private static Server prepared() {
            Server server = TestServer.chosen();
            Bootstrap.migrator(server, "");
            Bootstrap.database(server, TEMPLATE);
            Migrations.migrate(server.dataSource(TEMPLATE, Bootstrap.MIGRATOR, ""));
            if (TestServer.outlivesTheTests()) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> drop(server, TEMPLATE)));
            }
            return server;
        }
    }
}
