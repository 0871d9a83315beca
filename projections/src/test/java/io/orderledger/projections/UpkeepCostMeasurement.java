package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.event;
import static io.orderledger.projections.OrdersFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.EventTypes;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What an append with upkeep costs for the list of orders alone, and for all registered projections, by turns in one run. Not part of the
 * build: {@code mvn -pl projections -am verify -Dit.test=UpkeepCostMeasurement -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false
 * -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
class UpkeepCostMeasurement {
    private static final int EVENTS_BEFORE = 50_000;
    private static final int WARM_UP = 500;
    private static final int MEASURED = 1_500;

    @Test
    void prints_what_upkeep_costs() throws Exception {
        try (OrdersFixture one = new OrdersFixture();
                OrdersFixture all = new OrdersFixture()) {
            Side oneSide = new Side(one, List.of(OrdersFixture.ORDERS));
            Side allSide = new Side(all, RegisteredProjections.ALL);
            for (int i = 0; i < WARM_UP + MEASURED; i++) {
                oneSide.run(i);
                allSide.run(i);
            }
            oneSide.print();
            allSide.print();
            System.out.printf(
                    "all : one = %.2f for upkeep, %.2f for append and upkeep (medians)%n",
                    median(allSide.upkeepNanos) / median(oneSide.upkeepNanos),
                    median(allSide.totalNanos) / median(oneSide.totalNanos));
            assertThat(all.look("select count(*) from projection.lag where live and blocks_behind = 0"))
                    .containsExactly(String.valueOf(RegisteredProjections.ALL.size()));
        }
    }

    private static double median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double hundredthSlowest(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length * 99 / 100];
    }

    private static final class Side {
        private final List<Projection> projections;
        private final OrdersFixture fixture;
        private final Upkeep upkeep;
        private final Random random = new Random(1);
        private final long[] upkeepNanos = new long[MEASURED];
        private final long[] totalNanos = new long[MEASURED];
        private UUID last = UUID.randomUUID();

        Side(OrdersFixture fixture, List<Projection> projections) throws Exception {
            this.fixture = fixture;
            this.projections = projections;
            this.upkeep = new Upkeep(fixture.ledger(), fixture.catchUp(), projections);
            fixture.change("""
                    select ledger.append(gen_random_uuid(), gen_random_uuid(), 'OrderPlaced', 1::smallint,
                        jsonb_build_object('customer', jsonb_build_object('id', 'c' || i %% 5000), 'currency', 'GBP', 'items',
                            jsonb_build_array(jsonb_build_object('sku', 'sku' || i %% 200, 'quantity', 2, 'unitPrice', 950))),
                        null, '{}', now() - interval '1 minute' * (i %% 40000), null)
                    from generate_series(1, %d) i""".formatted(EVENTS_BEFORE));
            assertThat(upkeep.run(LIMIT.multipliedBy(5))).isTrue();
            fixture.change("vacuum analyze");
        }

        void run(int i) {
            NewEvent event = next();
            long begin = System.nanoTime();
            fixture.append(event);
            long appended = System.nanoTime();
            assertThat(upkeep.run(LIMIT)).isTrue();
            long end = System.nanoTime();
            if (i >= WARM_UP) {
                upkeepNanos[i - WARM_UP] = end - appended;
                totalNanos[i - WARM_UP] = end - begin;
            }
        }

        /** Two placings of three lines, then a cancellation. */
        private NewEvent next() {
            if (random.nextInt(3) == 0) {
                return cancellation(last, NOON);
            }
            last = UUID.randomUUID();
            return event(
                    UUID.randomUUID(),
                    last,
                    EventTypes.ORDER_PLACED,
                    json("{'customer':{'id':'c%d'},'currency':'GBP','items':[%s,%s,%s]}"
                            .formatted(random.nextInt(5_000), line(), line(), line())),
                    NOON.plusSeconds(random.nextInt(1_000_000)));
        }

        private String line() {
            return "{'sku':'sku%d','quantity':1,'unitPrice':950}".formatted(random.nextInt(200));
        }

        void print() {
            System.out.printf(
                    "%d projections: upkeep %.2f ms median, %.2f ms p99; append and upkeep %.2f ms median, %.2f ms p99%n",
                    projections.size(),
                    median(upkeepNanos) / 1e6,
                    hundredthSlowest(upkeepNanos) / 1e6,
                    median(totalNanos) / 1e6,
                    hundredthSlowest(totalNanos) / 1e6);
        }
    }
}
