package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.smoke.Caller;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger orders}: the list of orders, as the API tells it. */
@Command(
        name = "orders",
        description = {
            "Lists orders, the newest first, a page at a time; of a running instance, or of any API.",
            "Totals are in the currency's minor units."
        })
final class OrdersCommand extends ReportingCommand {
    private static final int STATUS = 1;
    private static final int HTTP_OK = 200;
    private static final int HTTP_BAD_REQUEST = 400;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those that are PLACED, PREPARED, DISPATCHED, DELIVERED or CANCELLED.")
    private Optional<String> status = Optional.empty();

    @Option(names = "--customer", paramLabel = "ID", description = "Only those of this customer, by customer.id.")
    private Optional<String> customer = Optional.empty();

    @Mixin
    private TimeOption time = new TimeOption();

    @Option(
            names = "--as-of",
            paramLabel = "MOMENT",
            description = "As the list was at a block's height, or at a time such as 2026-11-20T12:00:00Z.")
    private Optional<String> asOf = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many, up to 100 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "The next page: the cursor that a page ended with.")
    private Optional<String> after = Optional.empty();

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Any other API, by its address with its stage: the stack's output ApiUrl.")
    private Optional<URI> url = Optional.empty();

    @Mixin
    private CallerOption caller = new CallerOption();

    @Override
    Answer answer() {
        ObjectNode page = page();
        String next = page.path("next").asText("");
        Answer answer = Answer.done(page, screen -> {
                    if (page.path("orders").isEmpty()) {
                        screen.line("No order is listed that is meant.");
                    } else {
                        print(page, screen);
                    }
                    if (page.has("asOf")) {
                        JsonNode block = page.path("asOf");
                        screen.line(
                                "%s",
                                screen.painted(
                                        Screen.Tone.ATTENTION,
                                        "This is the past: as of block "
                                                + block.path("block").asText() + ", sealed "
                                                + block.path("sealedAt").asText()));
                    }
                })
                .listing("orders");
        return next.isEmpty() || next.equals("null") ? answer : answer.next(nextPage(next));
    }

    private ObjectNode page() {
        String path = "/orders?" + query();
        if (url.isPresent()) {
            CallerOption.demandHttp(url.get());
            try (Caller client = caller.of(url.get())) {
                Caller.Answer answered = client.get(path);
                return page(answered.status(), answered.body());
            }
        }
        try (ApiClient api = data.instance().apiClient()) {
            ApiClient.Answer answered = api.get(path);
            return page(answered.status(), answered.body());
        }
    }

    private ObjectNode page(int status, JsonNode body) {
        if (status == HTTP_OK && body instanceof ObjectNode page) {
            return page;
        }
        String problem = body.path("detail")
                .asText(body.path("title").asText(body.path("message").asText("")));
        StringJoiner errors = new StringJoiner(", ");
        body.path("errors")
                .forEach(error -> errors.add(error.path("field")
                                .asText(error.path("name").asText()) + " "
                        + error.path("problem").asText(error.path("detail").asText())));
        throw new CannotRun(
                "the API answered %d %s%s"
                        .formatted(status, problem, errors.length() == 0 ? "" : " (" + errors + ")")
                        .strip(),
                status == HTTP_BAD_REQUEST ? NextCommand.help(spec()) : "doctor");
    }

    private String query() {
        StringJoiner query = new StringJoiner("&");
        query.add("limit=" + limit);
        status.ifPresent(value -> query.add("status=" + encoded(value)));
        customer.ifPresent(value -> query.add("customer=" + encoded(value)));
        var clock = java.time.InstantSource.system();
        time.since(clock).ifPresent(value -> query.add("placedFrom=" + encoded(value.toString())));
        time.until(clock).ifPresent(value -> query.add("placedBefore=" + encoded(value.toString())));
        asOf.ifPresent(value -> query.add("asOf=" + encoded(value)));
        after.ifPresent(value -> query.add("cursor=" + encoded(value)));
        return query.toString();
    }

    private String nextPage(String cursor) {
        String given = NextCommand.same(spec());
        String without = after.map(earlier -> given.replace(" --after " + NextCommand.quoted(earlier), ""))
                .orElse(given);
        return NextCommand.line(without + " --after " + NextCommand.quoted(cursor));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Prints a page of {@code GET /orders}. */
    static void print(JsonNode page, Screen screen) {
        List<List<String>> rows = StreamSupport.stream(page.path("orders").spliterator(), false)
                .map(order -> List.of(
                        order.path("orderId").asText(),
                        order.path("status").asText(),
                        order.path("customerId").asText(),
                        order.path("total").asText() + " "
                                + order.path("currency").asText(),
                        order.path("placedAt").asText()))
                .toList();
        screen.table(
                List.of("ORDER", "STATUS", "CUSTOMER", "TOTAL", "PLACED"),
                rows,
                (column, text) -> column == STATUS && text.equals("CANCELLED") ? Screen.Tone.FAINT : Screen.Tone.PLAIN);
    }
}
