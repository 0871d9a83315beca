package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.instance.ApiClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order-ledger history}: one order's events as the API tells them. */
@Command(name = "history", description = "Prints one order's events.", mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
    private static final int SHORT_DIGEST_LENGTH = 16;

    @Parameters(paramLabel = "ORDER_ID", description = "The order's ID, a UUID.")
    @SuppressWarnings("NullAway.Init") // picocli demands it
    private UUID orderId;

    @Mixin
    private DataOption data = new DataOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (ApiClient api = data.instance().apiClient()) {
            ApiClient.Answer answer = api.get("/orders/" + orderId + "/history");
            if (!answer.isOk()) {
                spec.commandLine().getErr().println("order-ledger: " + answer.problem());
                return OrderLedger.FOUND_WRONG;
            }
            print(answer.body(), spec.commandLine().getOut());
            return OrderLedger.DONE;
        }
    }

    /** Prints the answer of {@code GET /orders/{orderId}/history} as a table. */
    static void print(JsonNode history, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode event : history.path("events")) {
            rows.add(List.of(
                    event.path("version").asText(),
                    event.path("type").asText(),
                    event.path("schemaVersion").asText(),
                    event.path("occurredAt").asText(),
                    event.path("recordedAt").asText(),
                    event.path("position").asText(),
                    event.path("block").isNull()
                            ? "unsealed"
                            : event.path("block").asText(),
                    event.path("digest").asText().substring(0, SHORT_DIGEST_LENGTH) + "…",
                    event.path("eventId").asText()));
        }
        out.println("Order " + history.path("orderId").asText());
        Table.print(
                List.of("VERSION", "TYPE", "SCHEMA", "OCCURRED", "RECORDED", "POSITION", "BLOCK", "DIGEST", "EVENT"),
                rows,
                out);
    }
}
