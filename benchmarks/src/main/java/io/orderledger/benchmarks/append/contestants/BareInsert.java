package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;

/**
 * An INSERT and nothing else: the floor. Its table is made LIKE ledger.event, with the identity, the primary key and both unique indexes, but
 * without the check constraints. The client gives the version, as somebody has to know it, and 32 bytes for each digest.
 */
public final class BareInsert implements Contestant {
    private static final byte[] DIGEST = new byte[32];
    private static final String COLUMNS =
            "event_id, stream_id, version, type, schema_version, payload, personal_digest, metadata, occurred_at, recorded_at, digest";

    @Override
    public String name() {
        return "bare INSERT";
    }

    @Override
    public String description() {
        return "INSERT into a table with ledger.event's columns and its three unique indexes, no check constraints; batch: one INSERT from unnest";
    }

    @Override
    public void install(BenchmarkServer server, String database) {
        server.createLedger(database);
        server.execute(
                database,
                "create schema bare; create table bare.event (like ledger.event including identity including indexes);"
                        + " grant usage on schema bare to " + BenchmarkServer.PEER + "; grant insert on bare.event to "
                        + BenchmarkServer.PEER);
    }

    @Override
    public String countQuery() {
        return "select count(*) from bare.event";
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        String single = "insert into bare.event (" + COLUMNS
                + ") values (?, ?, ?, ?, 1, ?::jsonb, ?, ?::jsonb, ?, clock_timestamp(), ?)";
        String batch = "insert into bare.event (" + COLUMNS
                + ") select e.id, e.stream, e.version, e.type, 1, e.payload, ?, e.metadata, e.occurred_at, clock_timestamp(), ?"
                + " from unnest(?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::jsonb[], ?::jsonb[], ?::timestamptz[])"
                + " e (id, stream, version, type, payload, metadata, occurred_at)";
        return new SqlClient(server.as(BenchmarkServer.PEER, database), single, batch) {
            @Override
            void bind(PreparedStatement statement, OrderEvent event) throws SQLException {
                statement.setObject(1, event.eventId());
                statement.setObject(2, event.streamId());
                statement.setInt(3, event.version());
                statement.setString(4, event.content().type());
                statement.setString(5, event.content().payloadText());
                statement.setBytes(6, DIGEST);
                statement.setString(7, event.content().metadataText());
                statement.setObject(8, event.occurredAt().atOffset(ZoneOffset.UTC));
                statement.setBytes(9, DIGEST);
            }

            @Override
            void bind(PreparedStatement statement, List<OrderEvent> events) throws SQLException {
                statement.setBytes(1, DIGEST);
                statement.setBytes(2, DIGEST);
                bindArray(statement, 3, "uuid", events, OrderEvent::eventId);
                bindArray(statement, 4, "uuid", events, OrderEvent::streamId);
                bindArray(statement, 5, "int4", events, OrderEvent::version);
                bindArray(statement, 6, "text", events, e -> e.content().type());
                bindArray(statement, 7, "text", events, e -> e.content().payloadText());
                bindArray(statement, 8, "text", events, e -> e.content().metadataText());
                bindArray(statement, 9, "text", events, e -> e.occurredAt().toString());
            }
        };
    }
}
