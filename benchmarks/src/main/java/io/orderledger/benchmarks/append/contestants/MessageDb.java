package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Message DB, from its npm package. write_message locks the stream's category until its transaction ends, so writers of one category wait for
 * each other.
 */
public final class MessageDb implements Contestant {
    private static final String ROLE = "message_store";

    /** In the order of the package's install.sh. */
    private static final List<String> SCRIPTS = List.of(
            "roles/message-store",
            "schema/message-store",
            "extensions/pgcrypto",
            "tables/messages",
            "types/message",
            "functions/message-store-version",
            "functions/hash-64",
            "functions/acquire-lock",
            "functions/category",
            "functions/is-category",
            "functions/id",
            "functions/cardinal-id",
            "functions/stream-version",
            "functions/write-message",
            "functions/get-stream-messages",
            "functions/get-category-messages",
            "functions/get-last-stream-message",
            "indexes/messages-id",
            "indexes/messages-stream",
            "indexes/messages-category",
            "views/stream-summary",
            "views/type-summary",
            "views/stream-type-summary",
            "views/type-stream-summary",
            "views/category-type-summary",
            "views/type-category-summary",
            "privileges/schema",
            "privileges/table",
            "privileges/sequence",
            "privileges/functions",
            "privileges/views");

    private final Path nodeModules;
    private final int categories;

    public MessageDb(Path nodeModules, int categories) {
        this.nodeModules = nodeModules;
        this.categories = categories;
    }

    @Override
    public String name() {
        return "message-db, " + (categories == 1 ? "1 category" : categories + " categories");
    }

    @Override
    public String description() {
        return "write_message of @eventide/message-db 1.3.1; it has no batch: 100 calls in one statement, all in one category";
    }

    @Override
    public void install(BenchmarkServer server, String database) {
        server.createEmpty(database);
        for (String script : SCRIPTS) {
            server.execute(database, read(nodeModules.resolve("@eventide/message-db/database/" + script + ".sql")));
        }
        server.admit(ROLE);
    }

    @Override
    public String countQuery() {
        return "select count(*) from message_store.messages";
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        PGSimpleDataSource source = server.as(ROLE, database);
        source.setCurrentSchema("message_store");
        String single = "select write_message(?, ?, ?, ?::jsonb, ?::jsonb)";
        String batch = "select write_message(e.id, e.stream, e.type, e.data, e.metadata)"
                + " from unnest(?::varchar[], ?::varchar[], ?::varchar[], ?::jsonb[], ?::jsonb[]) e (id, stream, type, data, metadata)";
        return new SqlClient(source, single, batch) {
            @Override
            void bind(PreparedStatement statement, OrderEvent event) throws SQLException {
                statement.setString(1, event.eventId().toString());
                statement.setString(2, category(event) + "-" + event.streamId());
                statement.setString(3, event.content().type());
                statement.setString(4, event.content().payloadText());
                statement.setString(5, event.content().metadataText());
            }

            @Override
            void bind(PreparedStatement statement, List<OrderEvent> events) throws SQLException {
                // Batches across categories would take the categories' locks in any order, and deadlock.
                String category = category(events.getFirst());
                bindArray(statement, 1, "text", events, e -> e.eventId().toString());
                bindArray(statement, 2, "text", events, e -> category + "-" + e.streamId());
                bindArray(statement, 3, "text", events, e -> e.content().type());
                bindArray(statement, 4, "text", events, e -> e.content().payloadText());
                bindArray(statement, 5, "text", events, e -> e.content().metadataText());
            }
        };
    }

    private String category(OrderEvent event) {
        return "order" + Math.floorMod(event.streamId().hashCode(), categories);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("A file of the npm package is missing; benchmarks/run installs it", e);
        }
    }
}
