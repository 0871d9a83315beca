package io.orderledger.handlers.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.listorders.ListOrders;
import io.orderledger.projections.orders.OrderStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many execution environments share few connections of the server, each of which serves another session with every transaction: what a
 * session left behind in its connection would be lost or would meet a stranger. Runs where {@code -Dpgbouncer} names the program.
 */
@EnabledIfSystemProperty(named = "pgbouncer", matches = ".+")
class PgBouncerIT {
    private static final int ENVIRONMENTS = 8;
    private static final int SHARED_CONNECTIONS = 2;
    private static final int ORDERS_OF_EACH = 15;
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void functions_place_cancel_and_list_over_connections_that_change_with_every_transaction(@TempDir Path folder)
            throws Exception {
        try (FunctionDatabase database = new FunctionDatabase();
                PgBouncer bouncer = PgBouncer.start(
                        System.getProperty("pgbouncer"),
                        database.server().port(),
                        List.of("ledger_recorder", "ledger_reader"),
                        SHARED_CONNECTIONS,
                        folder)) {
            List<UUID> orders = atOnce(() -> placeAndCancel(
                    through(bouncer, database.environment("ledger_recorder")),
                    through(bouncer, database.environment("ledger_reader"))));

            assertThat(orders).hasSize(ENVIRONMENTS * ORDERS_OF_EACH);
            assertThat(orders).allSatisfy(order -> {
                assertThat(database.history(order)).hasSize(2);
                assertThat(database.listed(order))
                        .hasValueSatisfying(
                                listed -> assertThat(listed.status()).isEqualTo(OrderStatus.CANCELLED));
            });
            assertThat(database.query("select usename, count(*) from pg_stat_activity where datname = '"
                            + database.server().name()
                            + "' and usename in ('ledger_recorder', 'ledger_reader') group by 1"))
                    .as("sessions of the server")
                    .hasSize(2)
                    .allSatisfy(role -> assertThat(role.get(1, Integer.class)).isBetween(1, SHARED_CONNECTIONS));
        }
    }

    private static List<UUID> placeAndCancel(Map<String, String> recorder, Map<String, String> reader)
            throws Exception {
        CreateOrder create = new CreateOrder(recorder);
        CancelOrder cancel = new CancelOrder(recorder);
        ListOrders list = new ListOrders(reader);
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < ORDERS_OF_EACH; i++) {
            UUID order = UUID.randomUUID();
            String placing = Messages.placement(order, Messages.order()).toString();
            Invocation.of(create, placing);
            Invocation.of(create, placing);
            Invocation.of(
                    cancel,
                    Messages.cancellation(UUID.randomUUID(), order, "{}").toString());
            JsonNode answer = JSON.readTree(Invocation.of(list, history(order)));
            assertThat(answer.get("statusCode").intValue()).isEqualTo(200);
            orders.add(order);
        }
        return orders;
    }

    private static List<UUID> atOnce(Callable<List<UUID>> environment) throws InterruptedException, ExecutionException {
        List<UUID> orders = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(ENVIRONMENTS)) {
            List<Future<List<UUID>>> running = new ArrayList<>();
            for (int i = 0; i < ENVIRONMENTS; i++) {
                running.add(executor.submit(environment));
            }
            for (Future<List<UUID>> each : running) {
                orders.addAll(each.get());
            }
        }
        return orders;
    }

    private static Map<String, String> through(PgBouncer bouncer, Map<String, String> environment) {
        environment.put("PGPORT", Integer.toString(bouncer.port()));
        return environment;
    }

    private static String history(UUID orderId) {
        ObjectNode request =
                Messages.resource("api-gateway-proxy-request.json").put("resource", "/orders/{orderId}/history");
        request.putObject("pathParameters").put("orderId", orderId.toString());
        return request.toString();
    }
}
