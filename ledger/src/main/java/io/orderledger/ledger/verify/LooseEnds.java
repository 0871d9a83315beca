package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.verify.Finding.Kind;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.postgresql.core.BaseConnection;

/** Checks what is in no block: pending events, events in neither, personal data of no event. A statement each, hence a snapshot each. */
final class LooseEnds {
    /** How many rows of personal data a statement looks at: none takes long. */
    private static final int ROWS_PER_STATEMENT = 500_000;

    private static final String PENDING = "select " + EventCheck.FIELDS
            + ", p.position from ledger.pending p left join ledger.event e on e.position = p.position "
            + EventCheck.JOINS + " order by p.position";

    private static final String IN_NEITHER = """
            select e.position from ledger.event e
            where e.position > (select coalesce(max(b.high), 0) from ledger.block b)
                and not exists (select from ledger.pending p where p.position = e.position)
            union all
            select e.position from ledger.event e where e.position < 1
            limit 1""";

    private static final String BLOCKS_BEYOND = """
            select l.position, l.height from ledger.late l
            where not exists (select from ledger.block b where b.height = l.height) order by 1 limit 1""";

    private final Database database;

    LooseEnds(Database database) {
        this.database = database;
    }

    /** The first thing that does not fit. */
    Optional<Finding> check() {
        return pending().or(this::inNeither).or(this::lateWithoutBlock).or(this::personalDataOfNobody);
    }

    private Optional<Finding> pending() {
        return Session.query(database, connection -> {
            EventCheck events = new EventCheck();
            try (CopyRows rows = new CopyRows(connection, PENDING, EventCheck.FIELD_COUNT + 1)) {
                while (rows.next()) {
                    Optional<Finding> finding = rows.isNull(EventCheck.POSITION)
                            ? Optional.of(Finding.atPosition(
                                    Kind.MEMBERSHIP,
                                    rows.getLong(EventCheck.FIELD_COUNT),
                                    "it is pending, and there is no event at that position"))
                            : Optional.ofNullable(events.check(rows, OptionalLong.empty()));
                    if (finding.isPresent()) {
                        return finding;
                    }
                }
                return Optional.empty();
            }
        });
    }

    private Optional<Finding> inNeither() {
        return Session.query(database, connection -> {
            try (CopyRows rows = new CopyRows(connection, IN_NEITHER, 1)) {
                return rows.next()
                        ? Optional.of(Finding.atPosition(
                                Kind.MEMBERSHIP, rows.getLong(0), "it is in no block and not pending"))
                        : Optional.empty();
            }
        });
    }

    private Optional<Finding> lateWithoutBlock() {
        return Session.query(database, connection -> {
            try (CopyRows rows = new CopyRows(connection, BLOCKS_BEYOND, 2)) {
                return rows.next()
                        ? Optional.of(Finding.at(Kind.LATE, rows.getLong(1), rows.getLong(0), "there is no such block"))
                        : Optional.empty();
            }
        });
    }

    /** In parts, a transaction each. */
    private Optional<Finding> personalDataOfNobody() {
        return Session.query(database, connection -> {
            long above = Long.MIN_VALUE;
            while (true) {
                OptionalLong upTo = number(connection, endOfPart(above));
                if (upTo.isEmpty()) {
                    return Optional.empty();
                }
                OptionalLong found = number(connection, ofNobody(above, upTo.getAsLong()));
                if (found.isPresent()) {
                    return Optional.of(Finding.atPosition(
                            Kind.PERSONAL_DATA, found.getAsLong(), "there is some, and no event at that position"));
                }
                above = upTo.getAsLong();
            }
        });
    }

    private static String endOfPart(long above) {
        return """
                    select max(part.position) from (
                        select d.position from ledger.personal_data d where d.position > %d order by d.position limit %d) part""".formatted(above, ROWS_PER_STATEMENT);
    }

    private static String ofNobody(long above, long upTo) {
        return """
                    select d.position from ledger.personal_data d
                    left join (
                        select x.position from ledger.event x where x.position > %1$d and x.position <= %2$d) e on e.position = d.position
                    where d.position > %1$d and d.position <= %2$d and e.position is null
                    order by d.position limit 1""".formatted(above, upTo);
    }

    private static OptionalLong number(BaseConnection connection, String query) throws SQLException {
        try (CopyRows rows = new CopyRows(connection, query, 1)) {
            return rows.next() && !rows.isNull(0) ? OptionalLong.of(rows.getLong(0)) : OptionalLong.empty();
        }
    }
}
