package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.listorders.ListOrders;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class RecordedOrdersIT {
    private static final FunctionDatabase DATABASE = new FunctionDatabase();
    private static final CreateOrder CREATE = new CreateOrder(DATABASE.environment("ledger_recorder"));
    private static final ListOrders LIST = new ListOrders(DATABASE.environment("ledger_reader"));

    @AfterContainer
    static void stop() {
        DATABASE.close();
    }

    @Property(tries = 150)
    void what_is_recorded_is_what_was_sent(@ForAll("orders") ObjectNode order) {
        UUID orderId = UUID.randomUUID();

        Invocation.of(CREATE, Messages.placement(orderId, order).toString());

        assertThat(history(orderId).at("/events/0/payload")).isEqualTo(order);
        assertThat(DATABASE.listed(orderId)).hasValueSatisfying(listed -> {
            assertThat(listed.items()).isEqualTo(order.get("items"));
            assertThat(listed.customerId()).isEqualTo(order.at("/customer/id").textValue());
        });
    }

    @Property(tries = 30)
    void what_was_sent_again_is_the_same(@ForAll("orders") ObjectNode order) {
        UUID orderId = UUID.randomUUID();

        // Another writer orders fields and writes numbers and characters in its own way; it says the same.
        Invocation.of(CREATE, Messages.placement(orderId, order).toString());
        Invocation.of(CREATE, Messages.placement(orderId, order).toPrettyString());

        assertThat(history(orderId).get("events")).hasSize(1);
        assertThat(DATABASE.refused()).isEmpty();
    }

    @Provide
    Arbitrary<ObjectNode> orders() {
        return Orders.valid();
    }

    private static ObjectNode history(UUID orderId) {
        ObjectNode request =
                Messages.resource("api-gateway-proxy-request.json").put("resource", "/orders/{orderId}/history");
        request.putObject("pathParameters").put("orderId", orderId.toString());
        return Messages.json(Messages.json(Invocation.of(LIST, request.toString()))
                .get("body")
                .textValue());
    }
}
