package io.orderledger.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void a_share_is_the_smallest_figure_that_so_many_do_not_exceed() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList();

        assertThat(Figures.share(hundred, 0.99)).isEqualTo(99);
        assertThat(Figures.share(hundred, 0.5)).isEqualTo(50);
        assertThat(Figures.share(hundred, 1)).isEqualTo(100);
        assertThat(Figures.share(List.of(7.0), 0.99)).isEqualTo(7);
        assertThatThrownBy(() -> Figures.share(List.of(), 0.99)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_median_is_the_middle_one_whatever_the_order() {
        assertThat(Figures.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4.0);
        assertThat(Figures.median(List.of(9.0, 1.0, 4.0, 6.0))).isEqualTo(5.0);
        assertThatThrownBy(() -> Figures.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void text_has_as_many_digits_as_people_read() {
        assertThat(Figures.text(1_234_567.8)).isEqualTo("1,234,568");
        assertThat(Figures.text(99.94)).isEqualTo("99.9");
        assertThat(Figures.text(0.61234)).isEqualTo("0.612");
        assertThat(Figures.text(20)).isEqualTo("20");
        assertThat(Figures.text(0)).isEqualTo("0");
    }

    @Test
    void results_are_rounded_to_what_a_measurement_is_worth() {
        assertThat(Figures.rounded(123_456.7)).isEqualTo(123_500);
        assertThat(Figures.rounded(0.612345)).isEqualTo(0.6123);
    }
}
