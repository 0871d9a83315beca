package io.orderledger.local.cli;

import io.orderledger.db.migrations.Migrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Looks at a ledger's database. */
final class DatabaseDoctor {
    static final String ROLE = "ledger_reader";

    /** Beyond that, times of requests and of records are hard to compare. */
    private static final Duration WORTH_A_NOTE = Duration.ofSeconds(1);

    /** Beyond that, signatures and tokens are refused. */
    private static final Duration WRONG = Duration.ofMinutes(5);

    private final DataSource database;
    private final String remedy;
    private final List<Checked> checks = new ArrayList<>();

    /** @param remedy what to run if the database does not answer */
    DatabaseDoctor(DataSource database, String remedy) {
        this.database = database;
        this.remedy = remedy;
    }

    List<Checked> look() {
        long start = System.nanoTime();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            checks.add(Checked.ok(
                    "database",
                    "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion() + " answers in "
                            + EventTable.told(Duration.ofNanos(System.nanoTime() - start))));
            clock(statement);
        } catch (SQLException e) {
            checks.add(Checked.wrong("database", "does not answer (SQLSTATE " + e.getSQLState() + ")", remedy));
        }
        return checks;
    }

    /** Half of the time that the question takes is the way there. */
    private void clock(Statement statement) throws SQLException {
        Instant before = Instant.now();
        Instant there;
        try (ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            there = row.getObject(1, OffsetDateTime.class).toInstant();
        }
        Duration asked = Duration.between(before, Instant.now());
        Duration apart =
                Duration.between(before.plus(asked.dividedBy(2)), there).abs();
        String found = "the database's and this machine's are " + EventTable.told(apart) + " apart";
        if (apart.compareTo(WRONG) > 0) {
            checks.add(Checked.wrong("clock", found, "set the clocks by NTP"));
        } else if (apart.compareTo(WORTH_A_NOTE) > 0) {
            checks.add(Checked.note("clock", found, "set the clocks by NTP"));
        } else {
            checks.add(Checked.ok("clock", found));
        }
    }

    /** Compares the schema with this checkout's code. */
    static Checked versions(int schema) {
        int code = Migrations.newest();
        String found = "schema " + schema + ", code " + code;
        if (schema == code) {
            return Checked.ok("versions", found);
        }
        return Checked.wrong(
                "versions",
                found,
                schema < code
                        ? "up again: its start migrates; a stack is migrated by deploying this version"
                        : "update this checkout: the schema is newer");
    }
}
