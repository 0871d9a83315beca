package io.orderledger.local.instance;

import static io.orderledger.local.instance.TestInstance.json;
import static io.orderledger.local.instance.TestInstance.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.cli.CommandLineCalls;
import io.orderledger.local.cli.CommandLineCalls.Result;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rebuilding, checking and looking back, as a user does it with a running instance. */
class RebuildIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ORDERS = 3_000;
    private static final int CLIENTS = 8;

    private TestInstance instance;

    @BeforeEach
    void start() {
        instance = TestInstance.start();
        ManyOrders.append(recorder(), ORDERS, new Random(4));
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void a_rebuild_ends_with_the_rows_that_were_there_and_check_projection_says_so() {
        for (String id : List.of("orders_v2", "daily_sales_v1")) {
            String name = id.substring(0, id.lastIndexOf('_'));
            List<String> before = rows(id);

            Result rebuilt = run("rebuild", name, "--chunk", "150", "--workers", "3");

            assertThat(rebuilt.err()).isEmpty();
            assertThat(rebuilt.out()).startsWith(id + " is rebuilt: ").contains(" events, up to block ");
            assertThat(rebuilt.exitCode()).isZero();
            assertThat(rows(id)).isNotEmpty().isEqualTo(before);
            Result all = run("check-projection", name);
            assertThat(all.out()).contains(id + " is what its query says: ");
            assertThat(all.exitCode()).isZero();
            assertThat(run("check-projection", name, "--sample", "100").out())
                    .containsPattern("A sample of 100 orders, drawn by --seed -?\\d+");
        }
        assertThat(run("check-projection", "orders").out()).contains("3,000 orders compared");
    }

    @Test
    void check_projection_names_rows_and_columns_that_differ_and_a_rebuild_puts_them_right() throws SQLException {
        List<String> some = instance.query("select order_id from projection.orders_v2 order by order_id limit 3");
        asSuperuser(
                "update projection.orders_v2_a set total = 1, customer_id = 'secret' where order_id = '" + some.get(0)
                        + "'",
                "delete from projection.orders_v2_a where order_id = '" + some.get(1) + "'",
                "update projection.orders_v2_a set order_id = '00000000-0000-0000-0000-000000000001' where order_id = '"
                        + some.get(2) + "'");

        Result wrong = run("check-projection", "orders");

        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.out())
                .containsPattern("DIFFERENT " + some.get(0) + ": (customer_id, total|total, customer_id)")
                .contains("MISSING " + some.get(1))
                .contains("MISSING " + some.get(2))
                .contains("SUPERFLUOUS 00000000-0000-0000-0000-000000000001")
                .contains("orders_v2 differs from its query in 4 places")
                .doesNotContain("secret");
        assertThat(run("rebuild", "orders_v2").exitCode()).isZero();
        assertThat(run("check-projection", "orders_v2").exitCode()).isZero();
    }

    @Test
    void a_rebuild_stops_with_the_list_of_orders_that_cannot_be_read_or_leaves_them_out() {
        UUID unreadable = ManyOrders.appendUnreadable(recorder());
        UUID readable = place();
        awaitListed(readable);

        Result stopped = run("rebuild", "orders");

        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.out())
                .contains("orders_v2 is not rebuilt", "cannot read 1 orders")
                .containsPattern(unreadable + "  since block \\d+  \\S+")
                .doesNotContain("secret");
        Result status = run("status");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out())
                .contains("rebuild of orders_v2", "interrupted; run it again to go on")
                .containsPattern(unreadable + " +orders_v2 +\\d+ +\\S+");
        Result skipped = run("rebuild", "orders", "--skip-failed");
        assertThat(skipped.out()).contains("orders_v2 is rebuilt").contains("1 orders are left out");
        assertThat(skipped.exitCode()).isZero();
        assertThat(run("check-projection", "orders").exitCode()).isZero();
        Result retried = run("retry", "orders");
        assertThat(retried.out()).contains("0 orders are in orders_v2 again, 1 still cannot be read");
        assertThat(retried.exitCode()).isEqualTo(1);
    }

    @Test
    void status_tells_people_and_programs_how_far_everything_is() throws SQLException {
        Result well = run("status");

        assertThat(well.exitCode()).isZero();
        assertThat(well.out())
                .contains("unsealed events: 0")
                .containsPattern("PROJECTION +BLOCK +OF +BLOCKS BEHIND +EVENTS BEHIND +SECONDS BEHIND +FAILED ORDERS")
                .containsPattern("orders_v2 +\\d+ +\\d+ +0 +0 +0\\.0 +0")
                .containsPattern("daily_sales_v1 +\\d+ +\\d+ +0 +0 +0\\.0 +0");
        asSuperuser("update projection.checkpoint set live = false where projection = 'daily_sales_v1'");
        Result waits = run("status", "-o", "ndjson");
        assertThat(waits.exitCode()).isEqualTo(1);
        JsonNode json = json(waits.out());
        assertThat(projection(json, "daily_sales_v1").get("live").booleanValue())
                .isFalse();
        assertThat(projection(json, "orders_v2").get("live").booleanValue()).isTrue();
        assertThat(projection(json, "orders_v2").get("eventsBehind").longValue())
                .isZero();
        assertThat(json.at("/unsealedEvents").asLong(-1)).isZero();
        assertThat(json.get("rebuilds")).isEmpty();
    }

    private static JsonNode projection(JsonNode status, String name) {
        return StreamSupport.stream(status.get("projections").spliterator(), false)
                .filter(projection -> projection.get("projection").textValue().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_rebuild_that_another_holds_says_who_and_changes_nothing() throws SQLException {
        assertThat(run("rebuild", "orders", "--chunk", "1", "--workers", "0").exitCode())
                .isEqualTo(2);
        try (Connection holder =
                        instance.run().database().dataSource("ledger_projector").getConnection();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(" + 0x4f4c_5242 + ", hashtext('orders_v2'))");

            Result held = run("rebuild", "orders");

            assertThat(held.exitCode()).isEqualTo(2);
            assertThat(held.err()).hasLineCount(1).contains("Projection orders_v2 is being rebuilt by");
        }
        assertThat(run("rebuild", "orders").exitCode()).isZero();
    }

    @Test
    void says_in_one_line_which_projections_there_are() {
        for (String command : List.of("rebuild", "check-projection", "retry")) {
            Result result = run(command, "pizzas");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .hasLineCount(1)
                    .contains("there is no projection pizzas; there are orders_v2, orders_v1, daily_sales_v1");
        }
    }

    @Test
    void the_api_walks_through_the_list_as_of_a_time_while_orders_arrive() throws Exception {
        UUID known = place();
        awaitListed(known);
        String then = Instant.now().toString();
        AtomicBoolean ended = new AtomicBoolean();
        List<String> walked = new ArrayList<>();
        List<JsonNode> blocks = new ArrayList<>();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Integer> appender = executor.submit(until(ended, this::place));
            String cursor = "";
            try {
                do {
                    HttpResponse<String> response = instance.get(
                            "/orders?limit=200&asOf=" + then + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                    JsonNode page = json(response);
                    page.get("orders")
                            .forEach(order -> walked.add(order.get("orderId").asText()));
                    blocks.add(page.get("asOf"));
                    cursor = page.get("next").isNull() ? "" : page.get("next").asText();
                } while (!cursor.isEmpty());
            } finally {
                ended.set(true);
            }
            assertThat(appender.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isPositive();
        }

        assertThat(blocks).hasSizeGreaterThan(15).containsOnly(blocks.getFirst());
        assertThat(walked).hasSize(ORDERS + 1).doesNotHaveDuplicates().contains(known.toString());
        HttpResponse<String> order =
                instance.get("/orders/" + known + "?asOf=" + blocks.getFirst().get("block"));
        assertThat(json(order).at("/asOf")).isEqualTo(blocks.getFirst());
        HttpResponse<String> refused = instance.get("/orders?asOf=yesterday");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("asOf must be");
    }

    @Test
    void clients_read_and_append_all_the_while_and_find_every_order_at_the_end() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        List<Client> clients =
                IntStream.range(0, CLIENTS).mapToObj(number -> new Client()).toList();
        try (ExecutorService executor = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Integer>> work = clients.stream()
                    .map(client -> executor.submit(until(ended, client::round)))
                    .toList();
            try {
                for (int rebuild = 0; rebuild < 3; rebuild++) {
                    assertThat(run("rebuild", "orders", "--chunk", "200").exitCode())
                            .isZero();
                    assertThat(run("rebuild", "daily_sales", "--chunk", "200").exitCode())
                            .isZero();
                }
            } finally {
                ended.set(true);
            }
            for (Future<Integer> rounds : work) {
                assertThat(rounds.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
        }
        List<UUID> placed =
                clients.stream().flatMap(client -> client.placed.stream()).toList();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(instance.query("select order_id::text from projection.orders_v2"))
                        .hasSize(ORDERS + placed.size())
                        .containsAll(placed.stream().map(UUID::toString).toList()));
        assertThat(run("check-projection", "orders").out()).contains("is what its query says");
        assertThat(run("check-projection", "daily_sales").out()).contains("is what its query says");
    }

    /** Places an order and reads a page, again and again; either has to succeed each time. */
    private final class Client {
        private final List<UUID> placed = new ArrayList<>();

        void round() {
            placed.add(place());
            HttpResponse<String> page = instance.get("/orders?limit=50");
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(json(page).get("orders")).hasSize(50);
        }
    }

    private static Callable<Integer> until(AtomicBoolean ended, Runnable work) {
        return () -> {
            int rounds = 0;
            while (!ended.get()) {
                work.run();
                rounds++;
            }
            return rounds;
        };
    }

    private UUID place() {
        HttpResponse<String> response = instance.post(order("client"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return UUID.fromString(json(response).get("orderId").asText());
    }

    private void awaitListed(UUID order) {
        await().atMost(TIMEOUT).until(() -> instance.get("/orders/" + order).statusCode() == 200);
    }

    private List<String> rows(String projection) {
        return instance.query("select v::text from projection." + projection + " v order by 1");
    }

    private Result run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = instance.data().toString();
        return CommandLineCalls.run(all);
    }

    private javax.sql.DataSource recorder() {
        return instance.run().database().dataSource("ledger_recorder");
    }

    private void asSuperuser(String... statements) throws SQLException {
        try (Connection connection =
                        instance.run().database().dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
