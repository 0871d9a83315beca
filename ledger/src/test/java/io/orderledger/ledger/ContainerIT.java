package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderledger.db.migrations.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/**
 * The migrations and the ledger on a PostgreSQL that somebody else built. Runs where a Docker engine is; the image is
 * {@code -Ddatabase.image}, by default the official one.
 */
@Testcontainers(disabledWithoutDocker = true)
class ContainerIT {
    private static final String PASSWORD = "only-in-this-container";

    @Container
    private static final PostgreSQLContainer<?> SERVER =
            new PostgreSQLContainer<>(DockerImageName.parse(System.getProperty("database.image", "postgres:17"))
                    .asCompatibleSubstituteFor("postgres"));

    @BeforeAll
    static void migrate() throws SQLException {
        execute(
                as(SERVER.getUsername(), SERVER.getPassword()),
                "create role migrator login createrole password '" + PASSWORD + "'",
                "grant create on database " + SERVER.getDatabaseName() + " to migrator");
        assertThat(Migrations.migrate(as("migrator", PASSWORD)).count()).isPositive();
        execute(as("migrator", PASSWORD), "alter role ledger_recorder password '" + PASSWORD + "'");
    }

    @Test
    void appends_once_and_seals() {
        Ledger ledger = new Ledger(as("ledger_recorder", PASSWORD));
        NewEvent event = TestEvents.placing();

        AppendResult first = ledger.append(event, TestEvents.NO_STREAM);
        AppendResult second = ledger.append(event, TestEvents.NO_STREAM);

        assertThat(first).isInstanceOf(AppendResult.Appended.class);
        assertThat(second).isEqualTo(new AppendResult.Duplicate(first.position(), first.version()));
        assertThat(ledger.seal()).isEqualTo(new SealResult.Sealed(1, 1));
    }

    @Test
    void refuses_changes_even_to_the_superuser() {
        assertThatThrownBy(() -> execute(
                        as(SERVER.getUsername(), SERVER.getPassword()), "update ledger.event set type = 'other'"))
                .hasMessageContaining("append-only");
    }

    private static DataSource as(String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(SERVER.getJdbcUrl());
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    private static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }
}
