package io.orderledger.projections;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.orders.FirstOrdersProjection;
import io.orderledger.projections.orders.ListedOrder;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderListAsOf;
import io.orderledger.projections.orders.OrdersProjection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** A database with its ledger and list of orders, used with the rights that the functions have. */
public final class OrdersFixture implements AutoCloseable {
    public static final Duration LIMIT = Duration.ofSeconds(60);
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    public static final OrdersProjection ORDERS = new OrdersProjection();
    public static final FirstOrdersProjection FIRST_ORDERS = new FirstOrdersProjection();

    private static final JsonMapper JSON = new JsonMapper();

    private static final int MAX_CONNECTIONS = 8;

    private final TemporaryDatabase database;
    private final HikariDataSource recorder;
    private final HikariDataSource projector;
    private final HikariDataSource reader;
    private final HikariDataSource superuser;

    public OrdersFixture() {
        this(TemporaryDatabase.create());
    }

    /** Takes the database over, and closes it in the end. */
    public OrdersFixture(TemporaryDatabase database) {
        this.database = database;
        this.recorder = pool(database.as("ledger_recorder"));
        this.projector = pool(database.as("ledger_projector"));
        this.reader = pool(database.as("ledger_reader"));
        this.superuser = pool(database.asSuperuser());
    }

    private static HikariDataSource pool(DataSource connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections);
        config.setMaximumPoolSize(MAX_CONNECTIONS);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    public DataSource recorder() {
        return recorder;
    }

    public Ledger ledger() {
        return new Ledger(recorder());
    }

    public CatchUp catchUp() {
        return new CatchUp(recorder());
    }

    /** On connections that nobody pools: a pool hands out for a while what the server has ended. */
    public Rebuild rebuild() {
        return new Rebuild(database.as("ledger_projector"));
    }

    /** Beside the pools: a test that ends sessions ends those of a pool, too, which may then hand out a dead one. */
    public ProjectionCheck check() {
        return new ProjectionCheck(database.as("ledger_projector"));
    }

    /** A connection of its own, beside the pools. */
    public Connection connectRecorder() throws SQLException {
        return database.as("ledger_recorder").getConnection();
    }

    /** A connection with a superuser's rights, beside the pools. */
    public Connection connectSuperuser() throws SQLException {
        return database.asSuperuser().getConnection();
    }

    /** The server's port, for other processes. */
    public int port() {
        return database.port();
    }

    /** The database's name, for other processes. */
    public String databaseName() {
        return database.name();
    }

    public DataSource projector() {
        return projector;
    }

    public OrderListAsOf listAsOf() {
        return new OrderListAsOf(reader);
    }

    /** What readers see of a projection. */
    public List<String> rows(Projection projection) throws SQLException {
        return look("select v::text from projection." + projection.id() + " v order by 1");
    }

    public OrderList list() {
        return new OrderList(reader);
    }

    public Upkeep upkeep() {
        return new Upkeep(ledger(), catchUp(), RegisteredProjections.ALL);
    }

    public void append(NewEvent... events) {
        for (NewEvent event : events) {
            ledger().append(event, new ExpectedVersion.Any());
        }
    }

    /** Seals and catches up, and fails where that is not possible. */
    public void bringUpToDate() {
        if (!upkeep().run(LIMIT)) {
            throw new AssertionError("Not brought up to date within " + LIMIT);
        }
    }

    public Optional<ListedOrder> find(UUID orderId) {
        return list().find(orderId);
    }

    /** First column of each row, as text, with a superuser's rights. */
    public List<String> look(String query) throws SQLException {
        try (Connection connection = superuser.getConnection()) {
            return look(connection, query);
        }
    }

    private static List<String> look(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }

    public void change(String... statements) throws SQLException {
        try (Connection connection = superuser.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Runs a migration as one is run: by the role that migrates, in one transaction. */
    public void migrate(String sql) throws SQLException {
        try (Connection connection = database.as("migrator").getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.commit();
        }
    }

    /** First column of each row, as text, with the rights of a role. */
    public List<String> lookAs(String role, String query) throws SQLException {
        try (Connection connection = database.as(role).getConnection()) {
            return look(connection, query);
        }
    }

    @Override
    public void close() {
        recorder.close();
        projector.close();
        reader.close();
        superuser.close();
        database.close();
    }

    public static NewEvent placing(UUID orderId, Instant occurredAt) {
        return placing(orderId, occurredAt, "lee");
    }

    public static NewEvent placing(UUID orderId, Instant occurredAt, String customerId) {
        ObjectNode payload = json("{'currency':'GBP','items':[{'sku':'m','quantity':2,'unitPrice':950}]}");
        payload.putObject("customer").put("id", customerId);
        return event(UUID.randomUUID(), orderId, EventTypes.ORDER_PLACED, payload, occurredAt);
    }

    public static NewEvent cancellation(UUID orderId, Instant occurredAt) {
        return event(UUID.randomUUID(), orderId, EventTypes.ORDER_CANCELLED, json("{}"), occurredAt);
    }

    public static NewEvent preparation(UUID orderId, Instant occurredAt) {
        return event(UUID.randomUUID(), orderId, EventTypes.ORDER_PREPARED, json("{}"), occurredAt);
    }

    public static NewEvent dispatch(UUID orderId, Instant occurredAt) {
        return event(UUID.randomUUID(), orderId, EventTypes.ORDER_DISPATCHED, json("{}"), occurredAt);
    }

    public static NewEvent delivery(UUID orderId, Instant occurredAt) {
        return event(UUID.randomUUID(), orderId, EventTypes.ORDER_DELIVERED, json("{}"), occurredAt);
    }

    public static NewEvent event(UUID eventId, UUID orderId, String type, ObjectNode payload, Instant occurredAt) {
        return new NewEvent(
                eventId, orderId, type, (short) 1, payload, Optional.empty(), JSON.createObjectNode(), occurredAt);
    }

    /** JSON with apostrophes in the place of quotation marks. */
    public static ObjectNode json(String text) {
        try {
            return JSON.readValue(text.replace('\'', '"'), ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
