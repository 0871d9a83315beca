package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Compares what clients were told with the ledger of a running instance, once nothing is on its way any more. Stateless. */
final class Books {
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);
    private static final JsonMapper JSON = new JsonMapper();

    private Books() {}

    /**
     * The comparison.
     *
     * @param lost accepted requests that are not in the ledger
     * @param doubled event IDs, or placings of one order, that are there twice
     * @param foreign events that no client has sent
     */
    record Outcome(int accepted, long lost, long doubled, long foreign) {}

    /** Replays until nothing waits anywhere, compares, and demands that all fits and verifies. */
    static Outcome close(Clients clients, Path data) {
        settle(data);
        Outcome outcome = compare(clients, data);
        assertThat(outcome).isEqualTo(new Outcome(clients.accepted().size(), 0, 0, 0));
        assertThat(recorded(data)).containsAll(clients.recordedAtOnce());
        demandVerified(data);
        return outcome;
    }

    /** Waits until the bus and the functions have nothing to do, and dead letters are replayed. */
    static void settle(Path data) {
        await().atMost(SETTLED_WITHIN).pollInterval(Duration.ofMillis(200)).until(() -> {
            JsonNode health = health(Instance.on(data).api());
            if (health.path("inFlight").asInt(1) > 0) {
                return false;
            }
            int letters = 0;
            for (JsonNode queue : health.path("deadLetters")) {
                letters += queue.asInt();
            }
            if (letters > 0) {
                CommandLineCalls.run("replay", "--data", data.toString());
            }
            return letters == 0;
        });
    }

    /** The ledger verifies against its exported heads, and the list is what follows from it. */
    static void demandVerified(Path data) {
        CommandLineCalls.Result verified = CommandLineCalls.run("verify", "--data", data.toString());
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        for (String view : new String[] {"orders", "daily_sales", "customer_orders", "item_sales"}) {
            CommandLineCalls.Result checked = CommandLineCalls.run("check-projection", view, "--data", data.toString());
            assertThat(checked.exitCode()).as(checked.toString()).isZero();
        }
    }

    /** What {@code GET /health} says; an empty object while nobody answers. */
    static JsonNode health(URI api) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return JSON.readTree(http.send(
                            HttpRequest.newBuilder(api.resolve("/health"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body());
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Outcome compare(Clients clients, Path data) {
        Map<UUID, Integer> times = new HashMap<>();
        Map<UUID, Integer> placings = new HashMap<>();
        query(data, "select event_id, stream_id, type = 'OrderPlaced' from ledger.event", row -> {
            times.merge(row.getObject(1, UUID.class), 1, Integer::sum);
            if (row.getBoolean(3)) {
                placings.merge(row.getObject(2, UUID.class), 1, Integer::sum);
            }
        });
        Set<UUID> known = new HashSet<>(clients.accepted());
        long lost = known.stream().filter(key -> !times.containsKey(key)).count();
        known.addAll(clients.open());
        return new Outcome(
                clients.accepted().size(),
                lost,
                times.values().stream().filter(count -> count > 1).count()
                        + placings.values().stream().filter(count -> count > 1).count(),
                times.keySet().stream().filter(key -> !known.contains(key)).count());
    }

    /** The IDs of all events. */
    static Set<UUID> recorded(Path data) {
        Set<UUID> recorded = new HashSet<>();
        query(data, "select event_id from ledger.event", row -> recorded.add(row.getObject(1, UUID.class)));
        return recorded;
    }

    /** The one number that a query gives. */
    static long number(Path data, String sql) {
        long[] number = {0};
        query(data, sql, row -> number[0] = row.getLong(1));
        return number[0];
    }

    /** Takes a row. */
    @FunctionalInterface
    interface Rows {
        void take(ResultSet row) throws SQLException;
    }

    private static void query(Path data, String sql, Rows rows) {
        try (Connection connection = connection(data, "ledger_auditor");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.take(result);
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** A connection to the instance's database. */
    static Connection connection(Path data, String role) throws SQLException {
        URI url = URI.create(new Control(Instance.on(data)).databaseUrl(role));
        String[] user = url.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(), user[0], user[1]);
    }
}
