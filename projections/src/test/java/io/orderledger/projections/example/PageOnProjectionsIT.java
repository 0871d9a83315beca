package io.orderledger.projections.example;

import static io.orderledger.projections.OrdersFixture.LIMIT;
import static io.orderledger.projections.OrdersFixture.NOON;
import static io.orderledger.projections.OrdersFixture.cancellation;
import static io.orderledger.projections.OrdersFixture.placing;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.projections.CatchUpResult;
import io.orderledger.projections.OrdersFixture;
import io.orderledger.projections.Projection;
import io.orderledger.projections.RebuildOptions;
import io.orderledger.projections.Upkeep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/projections.md shows is what is compiled and run here: its Java is a class of these tests, its SQL the migration. */
class PageOnProjectionsIT {
    private static final Path PAGE = Path.of("..", "docs", "projections.md");
    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "io", "orderledger", "projections", "example", "OrdersPerHour.java");

    private static final Projection ORDERS_PER_HOUR = new OrdersPerHour();

    private OrdersFixture ledger;

    @BeforeEach
    void open() {
        ledger = new OrdersFixture();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** The page's only block of code in that language. */
    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).as("a block of %s in %s", language, PAGE).isTrue();
        String code = block.group(1);
        assertThat(block.find()).as("a second block of %s", language).isFalse();
        return code;
    }

    private Upkeep upkeep() {
        return new Upkeep(ledger.ledger(), ledger.catchUp(), List.of(OrdersFixture.ORDERS, ORDERS_PER_HOUR));
    }

    private List<String> perHour(String role) throws Exception {
        return ledger.lookAs(
                role,
                "select to_char(hour at time zone 'UTC', 'DD HH24:MI') || ' ' || orders from projection.orders_per_hour_v1 order by hour");
    }

    @Test
    void the_class_on_the_page_is_the_one_that_is_compiled_here() throws Exception {
        assertThat(block("java")).isEqualTo(Files.readString(EXAMPLE));
    }

    @Test
    void the_example_is_kept_current_rebuilt_and_checked() throws Exception {
        ledger.migrate(block("sql"));
        UUID movedToTheHourBefore = UUID.randomUUID();
        ledger.append(
                placing(UUID.randomUUID(), NOON),
                placing(UUID.randomUUID(), NOON.plusSeconds(1_800)),
                placing(movedToTheHourBefore, NOON.plusSeconds(3_600)),
                cancellation(UUID.randomUUID(), NOON.plusSeconds(9_000)));
        assertThat(upkeep().run(LIMIT)).isTrue();
        assertThat(perHour("ledger_reader")).containsExactly("01 12:00 2", "01 13:00 1");

        ledger.append(placing(movedToTheHourBefore, NOON.minusSeconds(3_600)));
        assertThat(upkeep().run(LIMIT)).isTrue();

        assertThat(perHour("ledger_reader")).containsExactly("01 11:00 1", "01 12:00 2");
        assertThat(ledger.check().all(ORDERS_PER_HOUR, done -> {}).isEqual()).isTrue();
        ledger.rebuild().run(ORDERS_PER_HOUR, RebuildOptions.DEFAULT.withChunkPositions(2), progress -> {});
        assertThat(perHour("ledger_auditor")).containsExactly("01 11:00 1", "01 12:00 2");
        assertThat(ledger.check().all(ORDERS_PER_HOUR, done -> {}).isEqual()).isTrue();
    }

    @Test
    void in_a_ledger_with_orders_the_example_waits_for_its_first_rebuild() throws Exception {
        ledger.append(placing(UUID.randomUUID(), NOON));
        ledger.bringUpToDate();

        ledger.migrate(block("sql"));

        assertThat(ledger.catchUp().step(ORDERS_PER_HOUR)).isEqualTo(new CatchUpResult.NotBuilt());
        assertThat(perHour("ledger_reader")).isEmpty();
        ledger.rebuild().run(ORDERS_PER_HOUR, RebuildOptions.DEFAULT, progress -> {});
        ledger.append(placing(UUID.randomUUID(), NOON));
        assertThat(upkeep().run(LIMIT)).isTrue();
        assertThat(perHour("ledger_reader")).containsExactly("01 12:00 2");
    }
}
