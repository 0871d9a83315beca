package io.orderledger.projections.audit;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.Deadline;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.orders.OrdersProjection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Three days of a small ledger, the same to the last bit whenever it is made: its functions run as they are, but for the clock and the random
 * numbers, which are set here. Nothing in it is checked against anything; what is there the three methods for the days tell.
 */
final class ExampleLedger implements AutoCloseable {
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(1);

    private static final String PLACE = "POST /orders";
    private static final String CANCEL = "PUT /orders/{orderId}/cancellation";

    private static final String CONTROL_CLOCK_AND_CHANCE = """
            create schema example;
            create table example.clock (now timestamptz);
            insert into example.clock values (null);
            create sequence example.chance;
            create function example.now() returns timestamptz language sql as 'select now from example.clock';
            create function example.uuid() returns uuid language sql as 'select md5(nextval(''example.chance'')::text)::uuid';
            grant usage on schema example to ledger_owner;
            grant select on example.clock to ledger_owner;
            grant usage on sequence example.chance to ledger_owner;
            do $$ declare f text; begin
                for f in select replace(replace(pg_get_functiondef(p.oid), 'clock_timestamp()', 'example.now()'),
                        'gen_random_uuid()', 'example.uuid()')
                    from pg_proc p
                    where p.pronamespace = 'ledger'::regnamespace and p.prolang = (select oid from pg_language where lanname = 'plpgsql')
                loop
                    execute f;
                end loop;
            end $$;
            set session_replication_role = replica;
            alter table ledger.identity disable trigger all;
            update ledger.identity set incarnation = example.uuid();
            alter table ledger.identity enable always trigger identity_is_immutable;
            alter table ledger.erasure_secret disable trigger all;
            update ledger.erasure_secret set secret = sha256('example');
            alter table ledger.erasure_secret enable always trigger erasure_secret_is_immutable;
            set session_replication_role = origin
            """;

    private final TemporaryDatabase database = TemporaryDatabase.create();
    private final HeadExporter exporter;
    private final Connection superuser;
    private final Connection recorder;

    ExampleLedger(HeadStore heads) throws SQLException {
        exporter = new HeadExporter(database.as("ledger_reader"), new FixedHeadSigner(), heads);
        superuser = database.asSuperuser().getConnection();
        recorder = database.as("ledger_recorder").getConnection();
        try (Statement statement = superuser.createStatement()) {
            statement.execute(CONTROL_CLOCK_AND_CHANCE);
        }
        theFirstDay();
        theSecondDay();
        theThirdDay();
    }

    HeadExporter exporter() {
        return exporter;
    }

    /** As an auditor sees it, with times in UTC. */
    Connection auditor() throws SQLException {
        Connection connection = database.as("ledger_auditor").getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'");
        }
        return connection;
    }

    /** Two orders, one of them cancelled; the other one's message comes three times. */
    private void theFirstDay() throws SQLException {
        clock("2026-03-01 10:00:00.412");
        place("1", "1", "lee", 2, 950, "2026-03-01 10:00:00.100", "r-101");
        clock("2026-03-01 10:00:00.530");
        place("2", "2", "kim", 1, 1200, "2026-03-01 10:00:00.215", "r-102");
        seal("2026-03-01 10:00:00.611");
        clock("2026-03-01 10:00:01.700");
        place("2", "2", "kim", 1, 1200, "2026-03-01 10:00:00.215", "r-102");
        clock("2026-03-01 14:30:00.644");
        cancel("1", "lee", "changed my mind", "2026-03-01 14:30:00.301", "r-103");
        seal("2026-03-01 14:30:00.702");
        clock("2026-03-01 14:31:07.090");
        place("2", "2", "kim", 1, 1200, "2026-03-01 10:00:00.215", "r-104");
        exporter.export();
    }

    /**
     * A cancellation overtakes its order, which waits in a dead-letter queue; a transaction is slow, another is given up; two messages are
     * refused; an order is placed twice.
     */
    private void theSecondDay() throws SQLException {
        clock("2026-03-02 09:00:04.822");
        cancel("3", "sam", "ordered twice", "2026-03-02 09:00:04.510", "r-201");
        seal("2026-03-02 09:00:04.901");
        clock("2026-03-02 10:41:30.077");
        place("3", "3", "sam", 3, 500, "2026-03-02 08:59:58.020", "r-200");
        seal("2026-03-02 10:41:30.150");
        try (Connection slow = database.as("ledger_recorder").getConnection()) {
            slow.setAutoCommit(false);
            clock("2026-03-02 12:00:00.300");
            placeIn(slow, "4", "4", "sam", 1, 2500, "2026-03-02 12:00:00.011", "r-202");
            clock("2026-03-02 12:00:00.350");
            place("5", "5", "lee", 1, 700, "2026-03-02 12:00:00.040", "r-203");
            seal("2026-03-02 12:00:00.420");
            slow.commit();
            seal("2026-03-02 12:00:02.950");
            clock("2026-03-02 12:00:03.500");
            placeIn(slow, "9", "9", "lee", 9, 900, "2026-03-02 12:00:03.100", "r-299");
            slow.rollback();
        }
        clock("2026-03-02 12:10:00.250");
        refuse("4", "CONFLICT", "event ID is recorded with other content", "create-order", """
                {"detail":{"data":{"customer":{"id":"sam"},"items":[{"sku":"margherita","quantity":100}]}}}""");
        clock("2026-03-02 12:11:30.904");
        refuse(null, "INVALID", "detail: must be an object", "replay-dead-letters", "{\"detail\":7}");
        clock("2026-03-02 15:20:10.600");
        place("a", "5", "lee", 1, 750, "2026-03-02 15:20:10.312", "r-204");
        seal("2026-03-02 15:20:10.680");
        exporter.export();
    }

    /** Kim's data is erased, and a message from before the erasure comes after it. The last order is not sealed yet. */
    private void theThirdDay() throws SQLException {
        clock("2026-03-03 08:00:00.000");
        erase("kim");
        seal("2026-03-03 08:00:00.090");
        clock("2026-03-03 09:15:00.480");
        place("6", "6", "kim", 2, 1200, "2026-03-02 23:58:40.700", "r-205");
        seal("2026-03-03 09:15:00.555");
        clock("2026-03-03 11:00:00.333");
        cancel("7", "kim", "wrong address", "2026-03-03 11:00:00.005", "r-301");
        seal("2026-03-03 11:00:00.400");
        exporter.export();
        if (!new CatchUp(database.as("ledger_recorder"))
                .toNewestBlock(new OrdersProjection(), Deadline.after(CATCH_UP_LIMIT))) {
            throw new AssertionError("not caught up within " + CATCH_UP_LIMIT);
        }
        clock("2026-03-03 11:30:00.120");
        place("8", "8", "lee", 1, 950, "2026-03-03 11:29:59.900", "r-302");
    }

    private void place(
            String event,
            String order,
            String customer,
            int quantity,
            int unitPrice,
            String occurredAt,
            String requestId)
            throws SQLException {
        placeIn(recorder, event, order, customer, quantity, unitPrice, occurredAt, requestId);
    }

    private static void placeIn(
            Connection connection,
            String event,
            String order,
            String customer,
            int quantity,
            int unitPrice,
            String occurredAt,
            String requestId)
            throws SQLException {
        String payload = """
                {"customer":{"id":"%s"},"currency":"GBP","items":[{"sku":"margherita","quantity":%d,"unitPrice":%d}]}""".formatted(customer, quantity, unitPrice);
        String personal = """
                {"principal":"%1$s@shop","customer":{"name":"%1$s"}}""".formatted(customer);
        append(connection, id(event), id(order), "OrderPlaced", payload, personal, occurredAt, requestId, PLACE);
    }

    private void cancel(String order, String who, String reason, String occurredAt, String requestId)
            throws SQLException {
        String event = "c0" + id(order).substring(2);
        String personal = """
                {"principal":"%s@shop","reason":"%s"}""".formatted(who, reason);
        append(recorder, event, id(order), "OrderCancelled", "{}", personal, occurredAt, requestId, CANCEL);
    }

    private static void append(
            Connection connection,
            String event,
            String order,
            String type,
            String payload,
            String personal,
            String occurredAt,
            String requestId,
            String path)
            throws SQLException {
        String metadata = """
                {"path":"%s","requestId":"%s"}""".formatted(path, requestId);
        run(
                connection,
                "select ledger.append(?::uuid, ?::uuid, ?, 1::smallint, ?::jsonb, ?::jsonb, ?::jsonb, ?::timestamptz, null)",
                event,
                order,
                type,
                payload,
                personal,
                metadata,
                occurredAt + "Z");
    }

    private void refuse(@Nullable String event, String reason, String detail, String path, String message)
            throws SQLException {
        String id = event == null ? null : id(event);
        run(
                recorder,
                "select ledger.refuse(?::uuid, ?::uuid, ?, ?, ?, convert_to(?, 'UTF8'))",
                id,
                id,
                reason,
                detail,
                path,
                message);
    }

    private void erase(String customer) throws SQLException {
        try (Connection eraser = database.as("ledger_eraser").getConnection()) {
            String next = null;
            do {
                next = run(eraser, "select continue_at from ledger.erase_customer(?, ?)", customer, next);
            } while (next != null);
        }
    }

    private void seal(String time) throws SQLException {
        clock(time);
        run(recorder, "select ledger.seal(1000)");
    }

    private void clock(String time) throws SQLException {
        run(superuser, "update example.clock set now = ?::timestamptz returning 1", time + "Z");
    }

    /** First column of the first row. */
    private static @Nullable String run(Connection connection, String sql, @Nullable String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** An ID that is recognised at a glance. */
    private static String id(String digit) {
        return digit.repeat(8) + "-" + digit.repeat(4) + "-4" + digit.repeat(3) + "-8" + digit.repeat(3) + "-"
                + digit.repeat(12);
    }

    @Override
    public void close() throws SQLException {
        recorder.close();
        superuser.close();
        database.close();
    }
}
