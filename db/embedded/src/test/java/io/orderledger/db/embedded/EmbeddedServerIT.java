package io.orderledger.db.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerIT {
    private static final String PASSWORD = "of-the-superuser";

    @TempDir
    private Path directory;

    @Test
    void forces_commits_to_disk() throws SQLException {
        try (EmbeddedServer server = EmbeddedServer.open(directory, 0, PASSWORD)) {
            assertThat(value(server.superuser("postgres"), "show fsync")).isEqualTo("on");
            assertThat(value(server.superuser("postgres"), "show synchronous_commit"))
                    .isEqualTo("on");
            assertThat(value(server.superuser("postgres"), "show full_page_writes"))
                    .isEqualTo("on");
        }
    }

    @Test
    void asks_everybody_for_a_password() {
        try (EmbeddedServer server = EmbeddedServer.open(directory, 0, PASSWORD)) {
            Bootstrap.migrator(server, "of-the-migrator");

            assertThatThrownBy(
                            () -> value(server.dataSource("postgres", EmbeddedServer.SUPERUSER, "wrong"), "select 1"))
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> value(server.dataSource("postgres", Bootstrap.MIGRATOR, "wrong"), "select 1"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void keeps_its_data_when_it_is_started_again() throws SQLException {
        try (EmbeddedServer first = EmbeddedServer.open(directory, 0, PASSWORD)) {
            execute(first.superuser("postgres"), "create table kept (answer integer)");
            execute(first.superuser("postgres"), "insert into kept values (42)");
        }

        try (EmbeddedServer second = EmbeddedServer.open(directory, 0, PASSWORD)) {
            assertThat(value(second.superuser("postgres"), "select answer from kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void leaves_the_server_alone_whose_running_folder_was_copied(@TempDir Path elsewhere) throws Exception {
        try (EmbeddedServer original = EmbeddedServer.open(directory, 0, PASSWORD)) {
            execute(original.superuser("postgres"), "create table kept (answer integer)");
            execute(original.superuser("postgres"), "insert into kept values (42)");
            execute(original.superuser("postgres"), "checkpoint");
            Path copy = elsewhere.resolve("copy");
            assertThat(new ProcessBuilder("cp", "-r", directory.toString(), copy.toString())
                            .start()
                            .waitFor())
                    .isZero();
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));

            try (EmbeddedServer second = EmbeddedServer.open(copy, 0, PASSWORD)) {
                assertThat(value(second.superuser("postgres"), "select answer from kept"))
                        .isEqualTo("42");
                assertThat(original.isAlive()).isTrue();
                assertThat(value(original.superuser("postgres"), "select answer from kept"))
                        .isEqualTo("42");
            }
        }
    }

    @Test
    void makes_a_cluster_anew_whose_making_was_cut_off(@TempDir Path elsewhere) throws Exception {
        Path half = elsewhere.resolve("postgres");
        Files.createDirectories(half.resolve("global"));
        Files.writeString(half.resolve("postgresql.conf"), "");
        Files.writeString(half.resolve("PG_VERSION"), "17\n");
        Files.createFile(elsewhere.resolve("postgres.first-start"));

        try (EmbeddedServer server = EmbeddedServer.open(half, 0, PASSWORD)) {
            assertThat(value(server.superuser("postgres"), "select 1")).isEqualTo("1");
            assertThat(elsewhere.resolve("postgres.first-start")).doesNotExist();
        }
    }

    @Test
    void starts_at_once_after_it_was_killed_and_keeps_its_data() throws Exception {
        try (EmbeddedServer first = EmbeddedServer.open(directory, 0, PASSWORD)) {
            execute(first.superuser("postgres"), "create table kept (answer integer)");
            execute(first.superuser("postgres"), "insert into kept values (42)");
            try (Connection session = first.superuser("postgres").getConnection();
                    Statement busy = session.createStatement()) {
                busy.execute("select 1");
                Leftovers.postmaster(directory).orElseThrow().destroyForcibly();

                try (EmbeddedServer second = EmbeddedServer.open(directory, 0, PASSWORD)) {
                    assertThat(value(second.superuser("postgres"), "select answer from kept"))
                            .isEqualTo("42");
                    assertThat(first.isAlive()).isFalse();
                }
            }
        }
    }

    @Test
    void migrates_as_a_user_that_is_no_superuser() throws SQLException {
        try (TemporaryDatabase database = TemporaryDatabase.create()) {
            assertThat(value(database.asSuperuser(), "select rolsuper from pg_roles where rolname = 'migrator'"))
                    .isEqualTo("f");
            assertThat(value(
                            database.asSuperuser(),
                            "select pg_get_userbyid(relowner) from pg_class where oid = 'ledger.event'::regclass"))
                    .isEqualTo("ledger_owner");
        }
    }

    private static String value(DataSource dataSource, String query) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(DataSource dataSource, String statement) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        }
    }
}
