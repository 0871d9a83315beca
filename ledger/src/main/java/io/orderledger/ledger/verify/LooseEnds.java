package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.verify.Finding.Kind;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks what is in no block: pending events, events in neither, personal data of no event. A statement each, hence a snapshot each. */
final class LooseEnds {
    private static final int FIRST_BYTES = 256;
    private static final String REST_OF_UUID = "000000-0000-0000-0000-000000000000";

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

    /** In parts by the first byte of the event's ID, a transaction each, so that none takes long. */
    private Optional<Finding> personalDataOfNobody() {
        return Session.query(database, connection -> {
            for (int first = 0; first < FIRST_BYTES; first++) {
                String from = "d.event_id >= '%02x%s'".formatted(first, REST_OF_UUID);
                String to =
                        first + 1 == FIRST_BYTES ? "" : " and d.event_id < '%02x%s'".formatted(first + 1, REST_OF_UUID);
                String query = """
                        select count(*) from ledger.personal_data d
                        where %s%s and not exists (select from ledger.event e where e.event_id = d.event_id)""".formatted(from, to);
                try (CopyRows rows = new CopyRows(connection, query, 1)) {
                    if (rows.next() && rows.getLong(0) > 0) {
                        return Optional.of(Finding.of(Kind.PERSONAL_DATA, "there is some that belongs to no event"));
                    }
                }
            }
            return Optional.empty();
        });
    }
}
