package io.orderledger.local.cli;

import io.orderledger.db.embedded.Bootstrap;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.verify.Finding;
import io.orderledger.ledger.verify.Verification;
import io.orderledger.ledger.verify.Verifier;
import io.orderledger.ledger.verify.Verifier.Exported;
import io.orderledger.local.heads.HeadFiles;
import io.orderledger.local.instance.LocalRun;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Changes a recorded event: as a user of the ledger, which is refused; as the owner of its tables, which is refused too; and as an owner who
 * first takes away what refuses it. Then verification has to name the event.
 */
final class Tampering {
    private static final int THREADS = 2;
    private static final String CHANGE =
            "update ledger.event set payload = jsonb_set(payload, '{currency}', '\"XXX\"') where position = ?";

    private final LocalRun run;
    private final Path data;
    private final Screen screen;

    Tampering(LocalRun run, Path data, Screen screen) {
        this.run = run;
        this.data = data;
        this.screen = screen;
    }

    /**
     * What came of it.
     *
     * @param position the event that was changed
     * @param finding what verification says; empty if it finds nothing
     * @param isNamed whether it names that event
     */
    record Outcome(long position, String finding, boolean isNamed) {}

    Outcome play() throws SQLException {
        long position = someOrder();
        screen.empty();
        screen.line("Somebody changes the currency of the order at position %d", position);
        screen.line("   as ledger_recorder, who appends: %s", refusal("ledger_recorder", "", position));
        screen.line(
                "   as the owner of the tables: %s", refusal(Bootstrap.MIGRATOR, "set role ledger_owner", position));
        change(position);
        screen.line("   as an owner who takes the triggers away first: done, and put back afterwards");
        Optional<Finding> finding = verify().finding();
        boolean named = finding.map(Finding::position)
                .filter(OptionalLong.of(position)::equals)
                .isPresent();
        String told = finding.map(Finding::toString).orElse("");
        screen.line(
                "./order-ledger verify: %s",
                told.isEmpty() ? "finds nothing" : screen.painted(Screen.Tone.WRONG, "WRONG") + " " + told);
        screen.line("%s", named ? "The event was named." : "THE EVENT WAS NOT NAMED.");
        screen.flush();
        return new Outcome(position, told, named);
    }

    private long someOrder() throws SQLException {
        try (Connection connection = run.database().dataSource("ledger_reader").getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select position from ledger.event where type = 'OrderPlaced' order by position offset 10 limit 1")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What PostgreSQL says to who tries it. */
    private String refusal(String user, String before, long position) throws SQLException {
        try (Connection connection = run.database().dataSource(user).getConnection();
                Statement statement = connection.createStatement()) {
            if (!before.isEmpty()) {
                statement.execute(before);
            }
            update(connection, position);
            return "NOT REFUSED";
        } catch (SQLException e) {
            return "refused (SQLSTATE " + e.getSQLState() + ")";
        }
    }

    private void change(long position) throws SQLException {
        try (Connection connection =
                        run.database().dataSource(Bootstrap.MIGRATOR).getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local role ledger_owner");
            statement.execute("alter table ledger.event disable trigger event_is_immutable");
            update(connection, position);
            statement.execute("alter table ledger.event enable always trigger event_is_immutable");
            connection.commit();
        }
    }

    private static void update(Connection connection, long position) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(CHANGE)) {
            change.setLong(1, position);
            change.executeUpdate();
        }
    }

    private Verification verify() {
        Exported exported = new Exported(
                new FolderHeadStore(HeadFiles.heads(data)),
                LedgerOption.keyIn(HeadFiles.verifierKey(data).toString()));
        return new Verifier(run.database().dataSource("ledger_auditor"), THREADS, Optional.of(exported))
                .verify((done, total) -> {});
    }
}
