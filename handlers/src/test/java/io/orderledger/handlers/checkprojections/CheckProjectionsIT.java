package io.orderledger.handlers.checkprojections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.handlers.FunctionDatabase;
import io.orderledger.handlers.Invocation;
import io.orderledger.handlers.Messages;
import io.orderledger.handlers.createorder.CreateOrder;
import io.orderledger.projections.Projection;
import io.orderledger.projections.registered.RegisteredProjections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckProjectionsIT {
    private FunctionDatabase database;
    private CheckProjections function;

    @BeforeEach
    void placeOrders() {
        database = new FunctionDatabase();
        CreateOrder create = new CreateOrder(database.environment("ledger_recorder"));
        for (int i = 0; i < 5; i++) {
            Invocation.of(
                    create,
                    Messages.placement(UUID.randomUUID(), Messages.order()).toString());
        }
        function = new CheckProjections(database.environment("ledger_projector"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void says_how_much_of_every_view_was_compared() {
        JsonNode answer = Messages.json(Invocation.of(function, "{}"));

        assertThat(answer.get("projections"))
                .extracting(report -> report.get("projection").textValue())
                .containsExactlyElementsOf(
                        RegisteredProjections.ALL.stream().map(Projection::id).toList());
        assertThat(answer.get("projections")).allSatisfy(report -> {
            assertThat(report.get("compared").longValue()).isPositive();
            assertThat(report.get("differences").longValue()).isZero();
        });
    }

    @Test
    void fails_when_a_row_was_changed() {
        database.execute("update projection.orders_v2_a set total = total + 1");

        assertThatThrownBy(() -> Invocation.of(function, "{}"))
                .isInstanceOfSatisfying(
                        ProjectionsDiffer.class,
                        differ -> assertThat(differ.projections()).containsExactly("orders_v2"));
    }

    @Test
    void fails_when_a_sum_was_changed() {
        database.execute("update projection.daily_sales_v1_a set orders = orders + 1");

        assertThatThrownBy(() -> Invocation.of(function, "{}"))
                .isInstanceOfSatisfying(
                        ProjectionsDiffer.class,
                        differ -> assertThat(differ.projections()).isEqualTo(List.of("daily_sales_v1")));
    }

    @Test
    void passes_over_a_version_that_waits_for_its_first_rebuild() {
        database.execute("update projection.checkpoint set live = false where projection = 'daily_sales_v1'");

        assertThat(Messages.json(Invocation.of(function, "{}")).get("projections"))
                .extracting(report -> report.get("projection").textValue())
                .contains("orders_v2")
                .doesNotContain("daily_sales_v1");
    }
}
