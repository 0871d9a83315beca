package io.orderledger.benchmarks.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.orderledger.benchmarks.append.CellRun.Outcome;
import io.orderledger.benchmarks.report.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppendTargetsTest {
    private static final Cell SINGLE = new Cell(8, 1);
    private static final Cell BATCH = new Cell(8, 100);

    private final AppendResults results = new AppendResults(
            List.of(), List.of(SINGLE, BATCH), new Timing(Duration.ZERO, Duration.ZERO, 3), AppendTargets.BARE_INSERT);

    @Test
    void ratios_are_those_of_the_medians() {
        add("order ledger, no personal data", SINGLE, 900, 600, 100);
        add("bare INSERT", SINGLE, 1_000, 1_100, 1);

        assertThat(AppendTargets.of(results))
                .extracting(Target::name, Target::measured, Target::isMet)
                .containsExactly(tuple("order ledger, no personal data / bare INSERT, 8 clients", 0.6, true));
    }

    @Test
    void the_function_and_the_api_are_both_compared_with_the_bare_insert() {
        add("order ledger, SQL alone", SINGLE, 700);
        add("order ledger, no personal data", SINGLE, 500);
        add("bare INSERT", SINGLE, 1_000);

        assertThat(AppendTargets.of(results)).extracting(Target::isMet).containsExactly(true, false);
    }

    @Test
    void every_peer_is_compared_with_the_ledger_that_stores_personal_data() {
        add("order ledger, no personal data", SINGLE, 9_000);
        add("order ledger", SINGLE, 1_000);
        add("message-db, 1 category", SINGLE, 600);
        add("Emmett", SINGLE, 999);
        add("Axon 4 JDBC", SINGLE, 1_000);

        assertThat(AppendTargets.of(results)).extracting(Target::isMet).containsExactly(false, true, false);
    }

    @Test
    void the_worst_lag_of_any_round_counts() {
        results.add("order ledger", BATCH, new Outcome(60_000, Optional.of(new SealLag(10, 20, 5, 0, 1))));
        results.add("order ledger", BATCH, new Outcome(60_000, Optional.of(new SealLag(10, 1_200, 5, 0, 1))));

        assertThat(AppendTargets.of(results))
                .extracting(Target::measured, Target::isMet)
                .containsExactly(tuple(60_000.0, true), tuple(1_200.0, false));
    }

    private void add(String contestant, Cell cell, double... rates) {
        for (double rate : rates) {
            results.add(contestant, cell, new Outcome(rate, Optional.empty()));
        }
    }
}
