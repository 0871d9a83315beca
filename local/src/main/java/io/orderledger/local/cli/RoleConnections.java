package io.orderledger.local.cli;

import io.orderledger.local.instance.Control;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The running instance's database, for commands that talk to it themselves: as the role that can do the task and no more. */
final class RoleConnections {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Control control;

    RoleConnections(Control control) {
        this.control = control;
    }

    /** Connects anew for each use; the command is short. */
    DataSource as(String role) {
        return to(control.databaseUrl(role));
    }

    /** The database that a URL names. */
    static DataSource to(String url) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(parsed.jdbc());
        parsed.user().ifPresent(dataSource::setUser);
        parsed.password().ifPresent(dataSource::setPassword);
        dataSource.setApplicationName(OrderLedger.NAME);
        dataSource.setLoginTimeout((int) CONNECT_TIMEOUT.toSeconds());
        return dataSource;
    }
}
