package io.orderledger.handlers;

import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.ListedOrder;
import io.orderledger.projections.orders.OrderList;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A database of one's own, with the environment of a function that uses it, and a look at what the function left there. */
public final class FunctionDatabase implements AutoCloseable {
    private final TemporaryDatabase database = TemporaryDatabase.create();

    /** A refused message as it was kept. */
    public record Kept(Optional<UUID> eventId, String reason, String detail, String path, ByteBuffer message) {}

    /** The environment of a function that connects as this role. */
    public Map<String, String> environment(String role) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGHOST", database.host());
        environment.put("PGPORT", Integer.toString(database.port()));
        environment.put("PGDATABASE", database.name());
        environment.put("PGUSER", role);
        environment.put("PGPASSWORD", "not asked for");
        environment.put("PGSSLMODE", "disable");
        environment.put("METRICS_NAMESPACE", "OrderLedger/test");
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        return environment;
    }

    public TemporaryDatabase server() {
        return database;
    }

    public List<RecordedEvent> history(UUID orderId) {
        return new Ledger(database.as("ledger_reader")).history(orderId);
    }

    public Optional<ListedOrder> listed(UUID orderId) {
        return new OrderList(database.as("ledger_reader")).find(orderId);
    }

    public List<Kept> refused() {
        return query("select event_id, reason, detail, path, message from ledger.refused order by refused_at").stream()
                .map(row -> new Kept(
                        Optional.ofNullable(row.get(0, UUID.class)),
                        row.get(1, String.class),
                        row.get(2, String.class),
                        row.get(3, String.class),
                        ByteBuffer.wrap(row.get(4, byte[].class))))
                .toList();
    }

    /** Everything that the ledger and the list hold, as text: equal texts are equal databases. */
    public String contents() {
        return String.join(
                "\n---\n",
                query("select * from ledger.event order by position").toString(),
                query("select * from ledger.personal_data order by position").toString(),
                query("select * from ledger.block order by height").toString(),
                query("select * from ledger.late order by position").toString(),
                query("select * from ledger.refused order by message_digest").toString(),
                query("select * from projection.orders_v2 order by order_id").toString());
    }

    /** Rows, as the superuser sees them. */
    public List<? extends Record> query(String sql) {
        return DSL.using(database.asSuperuser(), SQLDialect.POSTGRES).fetch(sql);
    }

    /** Changes what only the superuser may change. */
    public void execute(String sql) {
        DSL.using(database.asSuperuser(), SQLDialect.POSTGRES).execute(sql);
    }

    @Override
    public void close() {
        database.close();
    }
}
