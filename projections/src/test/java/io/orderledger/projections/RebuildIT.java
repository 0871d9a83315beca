package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.projections.registered.RegisteredProjections;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RebuildIT {
    private static final RebuildOptions SMALL_CHUNKS = RebuildOptions.DEFAULT.withChunkPositions(7);

    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void a_rebuilt_table_holds_what_the_one_before_held() throws Exception {
        List<UUID> placed = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            UUID order = UUID.randomUUID();
            placed.add(order);
            orders.append(placing(order, NOON.plusSeconds(i * 3_600L)));
            if (i % 3 == 0) {
                orders.append(cancellation(placed.get(i / 2), NOON.plusSeconds(i)));
            }
            if (i % 5 == 0) {
                orders.ledger().seal();
            }
        }
        orders.bringUpToDate();
        for (Projection projection : RegisteredProjections.ALL) {
            List<String> before = orders.rows(projection);
            List<RebuildPhase> phases = new ArrayList<>();

            Rebuilt rebuilt = orders.rebuild().run(projection, SMALL_CHUNKS, progress -> phases.add(progress.phase()));

            assertThat(orders.rows(projection)).isNotEmpty().isEqualTo(before);
            assertThat(rebuilt.failed()).isZero();
            assertThat(phases).contains(RebuildPhase.values()).isSorted();
            assertThat(orders.look("select slot from projection.checkpoint where live and projection = '"
                            + projection.id() + "'"))
                    .containsExactly("b");
            assertThat(orders.check().all(projection, done -> {}).isEqual()).isTrue();
        }
    }
}
