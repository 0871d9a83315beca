package io.orderledger.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.cancelorder.CancelOrder;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.handlers.recordprogress.RecordProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

class DeliveriesIT {
    private static final int ORDERS = 4;

    /**
     * Each order is placed; some are cancelled, one of them twice, and some are prepared, dispatched and delivered, before or after the
     * cancellation; every request and report is one message.
     */
    private static final List<ObjectNode> MESSAGES = messages();

    private static final String AFTER_EACH_ONCE =
            after(IntStream.range(0, MESSAGES.size()).boxed().toList());

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void any_order_of_arrival_with_any_repetitions_gives_the_same_events_and_the_same_list(
            @ForAll("deliveries") List<Integer> deliveries) {
        assertThat(after(deliveries)).isEqualTo(AFTER_EACH_ONCE);
    }

    @Provide
    Arbitrary<List<Integer>> deliveries() {
        List<Integer> all = IntStream.range(0, MESSAGES.size()).boxed().toList();
        Arbitrary<List<Integer>> repetitions = Arbitraries.of(all).list().ofMaxSize(2 * all.size());
        return Combinators.combine(Arbitraries.just(all), repetitions)
                .as((once, more) -> {
                    List<Integer> deliveries = new ArrayList<>(once);
                    deliveries.addAll(more);
                    return deliveries;
                })
                .flatMap(Arbitraries::shuffle);
    }

    /** What is the same whenever the same was recorded: events and list without their place in the ledger. */
    private static String after(List<Integer> deliveries) {
        try (FunctionDatabase database = new FunctionDatabase()) {
            Map<String, String> environment = database.environment("ledger_recorder");
            RequestStreamHandler create = new CreateOrder(environment);
            RequestStreamHandler cancel = new CancelOrder(environment);
            RequestStreamHandler progress = new RecordProgress(environment);
            for (int delivery : deliveries) {
                ObjectNode message = MESSAGES.get(delivery);
                RequestStreamHandler function =
                        switch (message.get("detail-type").textValue()) {
                            case "OrderPlacementRequested" -> create;
                            case "OrderCancellationRequested" -> cancel;
                            default -> progress;
                        };
                Invocation.of(function, message.toString());
            }
            return database.query(
                            "select event_id, stream_id, type, payload, occurred_at from ledger.event order by event_id")
                    + "\n"
                    + database.query(
                            "select (to_jsonb(o) - 'placed_position')::text from projection.orders_v2 o order by order_id")
                    + "\n" + database.refused();
        }
    }

    private static List<ObjectNode> messages() {
        List<UUID> orderIds =
                IntStream.range(0, ORDERS).mapToObj(i -> new UUID(1, i)).toList();
        List<ObjectNode> messages = new ArrayList<>();
        orderIds.forEach(orderId -> messages.add(Messages.placement(orderId, Messages.order())));
        messages.add(Messages.cancellation(new UUID(2, 0), orderIds.get(0), "{\"reason\":\"late\"}"));
        messages.add(Messages.cancellation(new UUID(2, 1), orderIds.get(1), "{}"));
        messages.add(Messages.cancellation(new UUID(2, 2), orderIds.get(1), "{\"reason\":\"again\"}"));
        Instant cancelledAt = Instant.ofEpochMilli(Messages.REQUESTED_AT);
        messages.add(Messages.report("OrderPrepared", new UUID(3, 0), orderIds.get(0), cancelledAt.minusSeconds(9)));
        messages.add(Messages.report("OrderDispatched", new UUID(3, 1), orderIds.get(0), cancelledAt.minusMillis(1)));
        messages.add(Messages.report("OrderDispatched", new UUID(3, 2), orderIds.get(1), cancelledAt));
        messages.add(Messages.report("OrderDelivered", new UUID(3, 3), orderIds.get(2), cancelledAt.plusSeconds(9)));
        return messages;
    }
}
