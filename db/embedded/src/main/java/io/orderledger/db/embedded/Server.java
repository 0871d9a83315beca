package io.orderledger.db.embedded;

import javax.sql.DataSource;

/** A PostgreSQL server, wherever it runs. Thread-safe. */
public interface Server {
    String host();

    int port();

    /** Connects anew for each call; there is no pool behind it. */
    DataSource dataSource(String database, String user, String password);

    /** Connects as the superuser; for roles and databases only. */
    DataSource superuser(String database);
}
