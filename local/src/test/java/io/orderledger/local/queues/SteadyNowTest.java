package io.orderledger.local.queues;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyNowTest {
    private static final long BEGIN = 1_800_000_000_000L;

    private final AtomicLong wall = new AtomicLong(BEGIN);
    private final AtomicLong nanos = new AtomicLong(17);
    private final SteadyNow now = new SteadyNow(wall::get, nanos::get);

    @Test
    void goes_on_as_time_passes_while_the_clock_is_put_back_by_an_hour() {
        wall.addAndGet(-Duration.ofHours(1).toMillis());
        assertThat(now.nowMillis()).isEqualTo(BEGIN);

        for (int i = 0; i < 10; i++) {
            pass(Duration.ofMillis(1).plusNanos(500_000));
        }
        assertThat(now.nowMillis()).isEqualTo(BEGIN + 15);
        assertThat(now.now().toInstant().toEpochMilli()).isEqualTo(BEGIN + 15);
    }

    @Test
    void follows_the_clock_where_it_is_ahead() {
        wall.addAndGet(Duration.ofHours(1).toMillis());
        assertThat(now.nowMillis()).isEqualTo(BEGIN + Duration.ofHours(1).toMillis());
        pass(Duration.ofSeconds(1));
        assertThat(now.nowMillis()).isEqualTo(BEGIN + Duration.ofHours(1).toMillis() + 1_000);
    }

    private void pass(Duration time) {
        wall.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
        assertThat(now.nowMillis()).isPositive();
    }
}
