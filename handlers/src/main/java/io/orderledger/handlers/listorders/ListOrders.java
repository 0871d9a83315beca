package io.orderledger.handlers.listorders;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.requests.Problem;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.Fate;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.RecordedEvent;
import io.orderledger.projections.Heights;
import io.orderledger.projections.NotCaughtUp;
import io.orderledger.projections.UnknownHeight;
import io.orderledger.projections.orders.OrderCursor;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderListAsOf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /orders}, {@code GET /orders/{orderId}}, {@code GET /orders/{orderId}/history} and {@code GET /requests/{eventId}} as
 * API Gateway's proxy integration sends them. Whatever fails has an answer too, a problem document; the cause is in the logs.
 *
 * <p>The database's role is {@code ledger_reader}.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">The format</a>
 */
public final class ListOrders implements RequestStreamHandler {
    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(ListOrders.class);

    /** The origin whose pages may read the answers in a browser; missing or empty for none. */
    private static final String ALLOWED_ORIGIN = "CORS_ALLOWED_ORIGIN";

    private static final Duration REHEARSAL = Duration.ofSeconds(30);

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    private final HeldConnection database;
    private final OrderList orders;
    private final OrderListAsOf ordersAsOf;
    private final Heights heights;
    private final Ledger ledger;
    private final Optional<String> allowedOrigin;
    private final InstantSource clock;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public ListOrders() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database: PGHOST and its kin; CORS_ALLOWED_ORIGIN, if a browser may read the answers
     */
    public ListOrders(Map<String, String> environment) {
        this(environment, InstantSource.system());
    }

    ListOrders(Map<String, String> environment, InstantSource clock) {
        this.database = HeldConnection.from(environment);
        this.orders = new OrderList(database);
        this.ordersAsOf = new OrderListAsOf(database);
        this.heights = new Heights(database);
        this.ledger = new Ledger(database);
        this.allowedOrigin =
                Optional.ofNullable(environment.get(ALLOWED_ORIGIN)).filter(origin -> !origin.isEmpty());
        this.clock = clock;
        this.snapshot = Snapshot.around(database, this::rehearse);
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        APIGatewayProxyRequestEvent request = JSON.readValue(event, APIGatewayProxyRequestEvent.class);
        String requestId = requestId(request).orElseGet(context::getAwsRequestId);
        JSON.writeValue(answer, answer(request, requestId, RemainingTime.of(context)));
    }

    /** A list, an order and a history of nothing, from the request's bytes to the answer's. */
    private void rehearse() {
        for (String resource : List.of("/orders", "/orders/{orderId}", "/orders/{orderId}/history")) {
            String event = """
                    {"httpMethod":"GET","resource":"%s","headers":{"Accept":"application/json"},
                     "pathParameters":{"orderId":"00000000-0000-4000-8000-000000000001"},
                     "requestContext":{"extendedRequestId":"none"}}""".formatted(resource);
            try {
                APIGatewayProxyRequestEvent request = JSON.readValue(event, APIGatewayProxyRequestEvent.class);
                JSON.writeValueAsBytes(answer(request, "none", RemainingTime.lasting(REHEARSAL)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private APIGatewayProxyResponseEvent answer(
            APIGatewayProxyRequestEvent request, String requestId, RemainingTime time) {
        Answers answers = new Answers(requestId, allowedOrigin);
        try {
            return database.call(time, () -> route(request, answers));
        } catch (RefusedQuery e) {
            return answers.badRequest(Objects.requireNonNull(e.getMessage()));
        } catch (UnknownHeight e) {
            return answers.badRequest(new Problem(AsOf.NAME, "must be the height of a block that is there").toString());
        } catch (NotCaughtUp e) {
            LOG.warn("{}: request {}", e.getMessage(), requestId);
            return answers.unavailable();
        } catch (LedgerUnavailable e) {
            LOG.warn("The database cannot be read (SQLSTATE {}): request {}", e.sqlState(), requestId);
            return answers.unavailable();
        } catch (RuntimeException e) {
            LOG.error("Request {} failed", requestId, e);
            return answers.failed();
        }
    }

    private APIGatewayProxyResponseEvent route(APIGatewayProxyRequestEvent request, Answers answers) {
        return switch (request.getHttpMethod() + " " + request.getResource()) {
            case "GET /orders" -> {
                ListQuery query = ListQuery.read(query(request), clock.instant());
                yield answers.ok(page(query));
            }
            case "GET /orders/{orderId}" -> {
                Optional<AsOf> asOf = ListQuery.readAsOf(query(request), clock.instant());
                UUID orderId = orderId(request);
                yield asOf.isPresent()
                        ? orderAsOf(orderId, asOf.get(), answers)
                        : orders.find(orderId)
                                .map(Bodies::order)
                                .map(answers::ok)
                                .orElseGet(answers::unknownOrder);
            }
            case "GET /orders/{orderId}/history" -> {
                refuseQuery(request);
                UUID orderId = orderId(request);
                List<RecordedEvent> events = ledger.history(orderId);
                yield events.isEmpty() ? answers.unknownOrder() : answers.ok(Bodies.history(orderId, events));
            }
            case "GET /requests/{eventId}" -> {
                refuseQuery(request);
                UUID eventId = uuid(request, "eventId");
                Fate fate = ledger.fate(eventId);
                ObjectNode body = Bodies.request(eventId, fate);
                yield Bodies.isDecided(fate) ? answers.ok(body) : answers.notYet(body);
            }
            default -> answers.unknownRoute();
        };
    }

    private ObjectNode page(ListQuery query) {
        Optional<OrderCursor> place = query.after().map(PageCursor::place);
        if (query.asOf().isEmpty()) {
            return Bodies.page(orders.list(query.filter(), query.limit(), place));
        }
        AsOf asked = query.asOf().get();
        Heights.Block block = switch (query.after().orElse(null)) {
            case PageCursor.AsOfBlock cursor -> heights.of(cursor.height());
            case PageCursor.Now _ -> throw new IllegalStateException("The cursor does not fit asOf");
            case null -> asked.block(heights);
        };
        return Bodies.page(ordersAsOf.list(block.height(), query.filter(), query.limit(), place), asked, block);
    }

    private APIGatewayProxyResponseEvent orderAsOf(UUID orderId, AsOf asOf, Answers answers) {
        Heights.Block block = asOf.block(heights);
        return ordersAsOf
                .find(block.height(), orderId)
                .map(order -> answers.ok(Bodies.order(order, block)))
                .orElseGet(() -> answers.unknownOrderAsOf(block.height()));
    }

    private static UUID orderId(APIGatewayProxyRequestEvent request) {
        return uuid(request, "orderId");
    }

    private static UUID uuid(APIGatewayProxyRequestEvent request, String name) {
        return Optional.ofNullable(request.getPathParameters())
                .map(parameters -> parameters.get(name))
                .filter(UUID_FORM.asMatchPredicate())
                .map(UUID::fromString)
                .orElseThrow(() -> new RefusedQuery(List.of(new Problem(name, "must be a UUID"))));
    }

    private static void refuseQuery(APIGatewayProxyRequestEvent request) {
        List<Problem> unknown = query(request).keySet().stream()
                .map(name -> new Problem(Problem.printable(name), "is unknown"))
                .toList();
        if (!unknown.isEmpty()) {
            throw new RefusedQuery(unknown);
        }
    }

    /** Each parameter with every value that was given for it. API Gateway sends null for none. */
    private static Map<String, List<String>> query(APIGatewayProxyRequestEvent request) {
        Map<String, List<String>> several = request.getMultiValueQueryStringParameters();
        if (several != null) {
            return several;
        }
        Map<String, String> single = Objects.requireNonNullElse(request.getQueryStringParameters(), Map.of());
        return single.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, parameter -> List.of(parameter.getValue())));
    }

    private static Optional<String> requestId(APIGatewayProxyRequestEvent request) {
        APIGatewayProxyRequestEvent.@Nullable ProxyRequestContext context = request.getRequestContext();
        return Optional.ofNullable(context).map(APIGatewayProxyRequestEvent.ProxyRequestContext::getExtendedRequestId);
    }
}
