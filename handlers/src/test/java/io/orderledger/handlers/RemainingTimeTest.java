package io.orderledger.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.ledger.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RemainingTimeTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration RESERVE = Duration.ofSeconds(3);

    private final AtomicInteger left = new AtomicInteger();
    private final RemainingTime time = new RemainingTime(left::get);

    @Test
    void optional_work_ends_at_its_limit_by_the_invocations_clock() {
        left.set(10_000);
        Deadline deadline = time.deadline(LIMIT, RESERVE);

        assertThat(deadline.hasPassed()).isFalse();
        left.set(8_001);
        assertThat(deadline.hasPassed()).isFalse();
        left.set(8_000);
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void optional_work_ends_when_only_the_reserve_is_left() {
        left.set(4_000);
        Deadline deadline = time.deadline(LIMIT, RESERVE);

        assertThat(deadline.hasPassed()).isFalse();
        left.set(3_000);
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void there_is_no_time_for_optional_work_when_less_than_the_reserve_is_left() {
        left.set(2_999);

        assertThat(time.deadline(LIMIT, RESERVE).hasPassed()).isTrue();
    }
}
