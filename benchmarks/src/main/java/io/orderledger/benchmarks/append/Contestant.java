package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.server.BenchmarkServer;
import java.sql.SQLException;

/** Who appends events. Stateless: everything is in its database. */
public interface Contestant {
    /** Its name in tables, results and ratios. */
    String name();

    /** What one append is, and what one batch is, in a line. */
    String description();

    /** Makes the database that every measurement starts with a copy of. */
    void install(BenchmarkServer server, String database);

    /** Connects a client; each client is used by one thread. */
    Client connect(BenchmarkServer server, String database) throws SQLException;

    /** The query that counts the events in the database: what was counted while measuring has to be there. */
    String countQuery();

    /** Whether events wait for a seal, so that a sealer runs beside the clients. */
    default boolean isSealed() {
        return false;
    }
}
