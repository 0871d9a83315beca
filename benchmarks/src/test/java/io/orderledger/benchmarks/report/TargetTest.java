package io.orderledger.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.benchmarks.report.Target.Bound;
import org.junit.jupiter.api.Test;

class TargetTest {

    @Test
    void a_bound_says_whether_its_limit_itself_is_good_enough() {
        assertThat(new Target("at least", Bound.AT_LEAST, 0.6, 0.6).isMet()).isTrue();
        assertThat(new Target("at most", Bound.AT_MOST, 1.25, 1.25).isMet()).isTrue();
        assertThat(new Target("more than", Bound.MORE_THAN, 1, 1).isMet()).isFalse();
        assertThat(new Target("less than", Bound.LESS_THAN, 1_000, 1_000).isMet())
                .isFalse();
    }

    @Test
    void a_figure_on_the_wrong_side_or_none_at_all_is_missed() {
        assertThat(new Target("at least", Bound.AT_LEAST, 0.6, 0.59).isMet()).isFalse();
        assertThat(new Target("at most", Bound.AT_MOST, 1.25, 1.26).isMet()).isFalse();
        assertThat(new Target("less than", Bound.LESS_THAN, 1_000, 999).isMet()).isTrue();
        assertThat(new Target("at least", Bound.AT_LEAST, 0.6, Double.NaN).isMet())
                .isFalse();
    }
}
