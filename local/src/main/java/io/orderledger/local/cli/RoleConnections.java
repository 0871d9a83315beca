package io.orderledger.local.cli;

import io.orderledger.local.instance.Control;
import java.net.URI;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The running instance's database, for commands that talk to it themselves: as the role that can do the task and no more. */
final class RoleConnections {
    private final Control control;

    RoleConnections(Control control) {
        this.control = control;
    }

    /** Connects anew for each use; the command is short. */
    DataSource as(String role) {
        URI url = URI.create(control.databaseUrl(role));
        String[] credentials = url.getUserInfo().split(":", 2);
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {url.getHost()});
        dataSource.setPortNumbers(new int[] {url.getPort()});
        dataSource.setDatabaseName(url.getPath().substring(1));
        dataSource.setUser(credentials[0]);
        dataSource.setPassword(credentials[1]);
        return dataSource;
    }
}
