package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;

/** The ledger's SQL function without its Java API: called by the same few lines of JDBC as the bare INSERT and the peers' functions. */
public final class LedgerFunction implements Contestant {
    @Override
    public String name() {
        return "order ledger, SQL alone";
    }

    @Override
    public String description() {
        return "ledger.append and ledger.append_batch called by JDBC, without personal data, with the sealer: the database's share of it";
    }

    @Override
    public void install(BenchmarkServer server, String database) {
        server.createLedger(database);
    }

    @Override
    public String countQuery() {
        return "select count(*) from ledger.event";
    }

    @Override
    public boolean isSealed() {
        return true;
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        String single = "select outcome from ledger.append(?, ?, ?, 1::smallint, ?::jsonb, null, ?::jsonb, ?, null)";
        String batch = "select count(*) from ledger.append_batch("
                + "?::uuid[], ?::uuid[], ?::text[], ?::smallint[], ?::jsonb[], array_fill(null::jsonb, array[?]), ?::jsonb[],"
                + " ?::timestamptz[], array_fill(null::int, array[?]), true)";
        return new SqlClient(server.as("ledger_writer", database), single, batch) {
            @Override
            void bind(PreparedStatement statement, OrderEvent event) throws SQLException {
                statement.setObject(1, event.eventId());
                statement.setObject(2, event.streamId());
                statement.setString(3, event.content().type());
                statement.setString(4, event.content().payloadText());
                statement.setString(5, event.content().metadataText());
                statement.setObject(6, event.occurredAt().atOffset(ZoneOffset.UTC));
            }

            @Override
            void bind(PreparedStatement statement, List<OrderEvent> events) throws SQLException {
                bindArray(statement, 1, "uuid", events, OrderEvent::eventId);
                bindArray(statement, 2, "uuid", events, OrderEvent::streamId);
                bindArray(statement, 3, "text", events, e -> e.content().type());
                bindArray(statement, 4, "int2", events, e -> (short) 1);
                bindArray(statement, 5, "text", events, e -> e.content().payloadText());
                statement.setInt(6, events.size());
                bindArray(statement, 7, "text", events, e -> e.content().metadataText());
                bindArray(statement, 8, "text", events, e -> e.occurredAt().toString());
                statement.setInt(9, events.size());
            }
        };
    }
}
