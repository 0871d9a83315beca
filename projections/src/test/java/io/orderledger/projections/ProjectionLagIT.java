package io.orderledger.projections;

import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.ORDERS;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionLagIT {
    private OrdersFixture orders;

    @BeforeEach
    void open() {
        orders = new OrdersFixture();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    private ProjectionLag lag() {
        return ProjectionLag.read(orders.projector()).stream()
                .filter(lag -> lag.projection().equals(ORDERS.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothing_is_behind_without_blocks() {
        orders.append(placing(UUID.randomUUID(), NOON));

        assertThat(lag()).isEqualTo(new ProjectionLag(ORDERS.id(), true, 0, 0, 0, Duration.ZERO, 0));
    }

    @Test
    void counts_blocks_and_events_and_how_long_they_have_been_there() throws Exception {
        for (int block = 0; block < 3; block++) {
            for (int event = 0; event <= block; event++) {
                orders.append(placing(UUID.randomUUID(), NOON));
            }
            orders.ledger().seal();
        }
        orders.look("select pg_sleep(0.01)");

        assertThat(lag().blocksBehind()).isEqualTo(3);
        assertThat(lag().eventsBehind()).isEqualTo(6);
        assertThat(lag().behind()).isGreaterThan(Duration.ZERO);

        orders.bringUpToDate();
        orders.append(placing(UUID.randomUUID(), NOON));
        orders.ledger().seal();

        assertThat(lag().height()).isEqualTo(3);
        assertThat(lag().newestHeight()).isEqualTo(4);
        assertThat(lag().eventsBehind()).isEqualTo(1);
        orders.bringUpToDate();
        assertThat(lag().behind()).isZero();
    }

    @Test
    void every_time_has_its_block() throws Exception {
        Heights heights = new Heights(orders.recorder());
        assertThat(heights.at(Instant.now())).isZero();
        for (int block = 1; block <= 3; block++) {
            orders.append(placing(UUID.randomUUID(), NOON));
            orders.ledger().seal();
        }

        for (int block = 1; block <= 3; block++) {
            Instant sealedAt = sealedAt(block);
            assertThat(heights.at(sealedAt)).isEqualTo(block);
            assertThat(heights.at(sealedAt.minusNanos(1_000))).isEqualTo(block - 1);
            assertThat(orders.look("select projection.height_at('" + sealedAt + "')"))
                    .containsExactly(Integer.toString(block));
        }
        assertThat(heights.at(Instant.now().plusSeconds(60))).isEqualTo(3);
        assertThat(heights.at(NOON.minusSeconds(1_000_000_000))).isZero();
    }

    private Instant sealedAt(int height) throws SQLException {
        return Instant.parse(orders.look(
                        "select to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from ledger.block where height = "
                                + height)
                .getFirst());
    }
}
