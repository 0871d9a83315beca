package io.orderledger.handlers.listorders;

import io.orderledger.handlers.requests.Problem;
import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.orders.MalformedCursor;
import io.orderledger.projections.orders.OrderFilter;
import io.orderledger.projections.orders.OrderList;
import io.orderledger.projections.orders.OrderStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a caller wants listed. A parameter without a value counts as not given.
 *
 * @param limit orders on the page
 * @param after where the previous page ended
 * @param asOf the moment to see; empty for now
 */
record ListQuery(OrderFilter filter, int limit, Optional<PageCursor> after, Optional<AsOf> asOf) {
    private static final int DEFAULT_LIMIT = 50;

    private static final String STATUSES =
            Arrays.stream(OrderStatus.values()).map(OrderStatus::name).collect(Collectors.joining(", "));

    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,3}");
    private static final Pattern CUSTOMER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /**
     * Reads the query string.
     *
     * @param now times after it are in the future
     * @throws RefusedQuery if a parameter is unknown, is given twice, or is not what it must be; it names all of these
     */
    static ListQuery read(Map<String, List<String>> parameters, Instant now) {
        return new Reader(parameters).read(now);
    }

    /**
     * Reads the query string of a request for one order: the moment to see, and nothing else.
     *
     * @throws RefusedQuery as {@link #read} does
     */
    static Optional<AsOf> readAsOf(Map<String, List<String>> parameters, Instant now) {
        Reader reader = new Reader(parameters);
        Optional<AsOf> asOf = reader.asOf(now);
        reader.end();
        return asOf;
    }

    private static final class Reader {
        private final Map<String, List<String>> parameters;
        private final Set<String> known = new HashSet<>();
        private final List<Problem> problems = new ArrayList<>();

        Reader(Map<String, List<String>> parameters) {
            this.parameters = parameters;
        }

        ListQuery read(Instant now) {
            OrderFilter filter = new OrderFilter(
                    value("status", "must be one of " + STATUSES, Reader::status),
                    value(
                            "customer",
                            "must be 1 to 64 letters, digits, dots, underscores or hyphens",
                            text -> Optional.of(text).filter(CUSTOMER_ID.asMatchPredicate())),
                    value("placedFrom", "must be a time of RFC 3339 from 1970 to 9999", Reader::instant),
                    value("placedBefore", "must be a time of RFC 3339 from 1970 to 9999", Reader::instant));
            Optional<Integer> limit =
                    value("limit", "must be an integer from 1 to " + OrderList.MAX_LIMIT, Reader::limit);
            Optional<PageCursor> after = value("cursor", "must be the \"next\" of an earlier page", Reader::cursor);
            Optional<AsOf> asOf = asOf(now);
            if (problems.isEmpty() && after.isPresent() && !after.get().isOf(asOf)) {
                problems.add(new Problem("cursor", "must be the \"next\" of a page with the same asOf"));
            }
            end();
            return new ListQuery(filter, limit.orElse(DEFAULT_LIMIT), after, asOf);
        }

        Optional<AsOf> asOf(Instant now) {
            return value(
                    AsOf.NAME,
                    AsOf.RULE,
                    text -> AsOf.parse(text)
                            .filter(asOf -> !(asOf instanceof AsOf.Time(Instant time) && time.isAfter(now))));
        }

        void end() {
            parameters.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> problems.add(new Problem(Problem.printable(name), "is unknown")));
            if (!problems.isEmpty()) {
                throw new RefusedQuery(problems);
            }
        }

        private <T> Optional<T> value(String name, String rule, Function<String, Optional<T>> reading) {
            known.add(name);
            List<String> values = parameters.getOrDefault(name, List.of());
            if (values.size() > 1) {
                problems.add(new Problem(name, "must be given once"));
                return Optional.empty();
            }
            if (values.isEmpty() || values.getFirst().isEmpty()) {
                return Optional.empty();
            }
            Optional<T> value = reading.apply(values.getFirst());
            if (value.isEmpty()) {
                problems.add(new Problem(name, rule));
            }
            return value;
        }

        private static Optional<OrderStatus> status(String text) {
            return Arrays.stream(OrderStatus.values())
                    .filter(status -> status.name().equals(text))
                    .findFirst();
        }

        private static Optional<Integer> limit(String text) {
            return Optional.of(text)
                    .filter(LIMIT.asMatchPredicate())
                    .map(Integer::valueOf)
                    .filter(limit -> limit >= 1 && limit <= OrderList.MAX_LIMIT);
        }

        private static Optional<Instant> instant(String text) {
            try {
                return Optional.of(OffsetDateTime.parse(text).toInstant()).filter(Reader::isPossible);
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static Optional<PageCursor> cursor(String text) {
            try {
                return Optional.of(PageCursor.parse(text))
                        .filter(cursor -> isPossible(cursor.place().placedAt()));
            } catch (MalformedCursor e) {
                return Optional.empty();
            }
        }

        /** Times that no order can have; some of them PostgreSQL does not know either. */
        private static boolean isPossible(Instant time) {
            return !time.isBefore(NewEvent.EARLIEST) && !time.isAfter(NewEvent.LATEST);
        }
    }
}
