package io.orderledger.handlers.cancelorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.InvalidRequest;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.RequestConflict;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.orders.OrderStatus;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CancelOrderIT {
    private static FunctionDatabase database;
    private static CancelOrder function;

    private final UUID eventId = UUID.randomUUID();
    private final UUID orderId = UUID.randomUUID();

    @BeforeAll
    static void start() {
        database = new FunctionDatabase();
        function = new CancelOrder(database.environment("ledger_recorder"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void cancels_a_placed_order() {
        place();

        String answer = cancel("{\"reason\":\"changed my mind\"}");

        assertThat(Messages.json(answer)).isEqualTo(outcome("APPENDED"));
        assertThat(database.listed(orderId)).hasValueSatisfying(order -> {
            assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED);
            assertThat(order.version()).isEqualTo(2);
        });
        assertThat(database.history(orderId)).last().satisfies(event -> {
            assertThat(event.payload()).isEmpty();
            assertThat(event.personalData().orElseThrow().get("reason").textValue())
                    .isEqualTo("changed my mind");
        });
    }

    @Test
    void cancels_an_order_that_is_not_there_yet() {
        cancel("{}");
        assertThat(database.listed(orderId)).isEmpty();
        assertThat(database.history(orderId)).extracting(RecordedEvent::type).containsExactly("OrderCancelled");

        place();

        assertThat(database.history(orderId))
                .extracting(RecordedEvent::type)
                .containsExactly("OrderCancelled", "OrderPlaced");
        assertThat(database.listed(orderId))
                .hasValueSatisfying(order -> assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED));
    }

    @Test
    void answers_duplicate_when_it_is_tried_again() {
        cancel("{\"reason\":\"too late\"}");

        assertThat(Messages.json(cancel("{\"reason\":\"too late\"}"))).isEqualTo(outcome("DUPLICATE"));
        assertThat(database.history(orderId)).hasSize(1);
    }

    @Test
    void tells_the_workflow_of_a_conflict_by_the_name_of_the_exception_and_keeps_the_message() {
        cancel("{\"reason\":\"too late\"}");

        assertThatThrownBy(() -> cancel("{\"reason\":\"too early\"}"))
                .isInstanceOfSatisfying(
                        RequestConflict.class,
                        conflict -> assertThat(conflict.eventId()).isEqualTo(eventId))
                .hasMessageNotContaining("early");

        assertThat(RequestConflict.class.getName()).isEqualTo("io.orderledger.handlers.RequestConflict");
        assertThat(database.refused())
                .filteredOn(kept -> kept.eventId().filter(eventId::equals).isPresent())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.reason()).isEqualTo("CONFLICT");
                    assertThat(kept.path()).isEqualTo("cancel-order");
                });
    }

    @Test
    void tells_the_workflow_of_a_broken_rule_by_the_name_of_the_exception_and_keeps_the_message() {
        assertThatThrownBy(() -> cancel("{\"reason\":5,\"because\":\"a secret\"}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("The request is not valid: reason must be text; because is unknown");

        assertThat(InvalidRequest.class.getName()).isEqualTo("io.orderledger.handlers.InvalidRequest");
        assertThat(database.refused())
                .filteredOn(kept -> kept.eventId().filter(eventId::equals).isPresent())
                .singleElement()
                .satisfies(kept -> assertThat(kept.reason()).isEqualTo("INVALID"));
    }

    private void place() {
        CreateOrder create = new CreateOrder(database.environment("ledger_recorder"));
        Invocation.of(create, Messages.placement(orderId, Messages.order()).toString());
    }

    private String cancel(String body) {
        return Invocation.of(
                function, Messages.cancellation(eventId, orderId, body).toString());
    }

    private Object outcome(String outcome) {
        return Messages.JSON
                .createObjectNode()
                .put("eventId", eventId.toString())
                .put("orderId", orderId.toString())
                .put("outcome", outcome);
    }
}
