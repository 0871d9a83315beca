package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Emmett's append function, called with the arrays that its own code sends, for one stream a call. Its own code sends them as literals inside
 * BEGIN and COMMIT, three round trips; here they are parameters, and one round trip.
 */
public final class Emmett implements Contestant {
    private static final String CALL = "select success from emt_append_to_stream("
            + "?::text[], ?::jsonb[], ?::jsonb[], ?::text[], ?::text[], ?::text[], ?, 'order', null, 'emt:default')";

    private final Path peers;

    /** Uses the folder that the npm packages are installed in. */
    public Emmett(Path peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "Emmett";
    }

    @Override
    public String description() {
        return "emt_append_to_stream of @event-driven-io/emmett-postgresql 0.42.0; batch: 100 events of one stream, as it takes one stream a call";
    }

    /** Emmett makes its schema by its own migrations, in a process of Node. */
    @Override
    public void install(BenchmarkServer server, String database) {
        server.createEmpty(database);
        ProcessBuilder node = new ProcessBuilder("node", "emmett-schema.js")
                .directory(peers.toFile())
                .redirectErrorStream(true);
        node.environment().put("EMMETT_DATABASE_URL", server.url(BenchmarkServer.PEER, database));
        try {
            Process process = node.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("Emmett's schema could not be made:\n" + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Node could not be started; Emmett's schema is made by it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Emmett's schema was made", e);
        }
    }

    @Override
    public String countQuery() {
        return "select count(*) from emt_messages";
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        return new SqlClient(server.as(BenchmarkServer.PEER, database), CALL, CALL) {
            @Override
            void bind(PreparedStatement statement, OrderEvent event) throws SQLException {
                bind(statement, List.of(event), event.streamId());
            }

            @Override
            void bind(PreparedStatement statement, List<OrderEvent> events) throws SQLException {
                bind(statement, events, events.getFirst().eventId());
            }

            private void bind(PreparedStatement statement, List<OrderEvent> events, UUID stream) throws SQLException {
                bindArray(statement, 1, "text", events, e -> e.eventId().toString());
                bindArray(statement, 2, "text", events, e -> e.content().payloadText());
                bindArray(statement, 3, "text", events, e -> e.content().metadataText());
                bindArray(statement, 4, "text", events, e -> "1");
                bindArray(statement, 5, "text", events, e -> e.content().type());
                bindArray(statement, 6, "text", events, e -> "E");
                statement.setString(7, stream.toString());
            }
        };
    }
}
