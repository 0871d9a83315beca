package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import io.orderledger.ledger.NewEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final UUID EVENT_ID = UUID.fromString("8e03978e-40d5-43e8-bc93-6894a57f9324");
    private static final UUID ORDER_ID = UUID.fromString("0b9a1f4e-6a38-4d0a-9c3d-1d5a7e1f2a3b");

    @Test
    void splits_an_order_into_what_stays_and_what_can_be_erased() {
        NewEvent event = valid(Messages.placement(EVENT_ID, Messages.order()));

        assertThat(event.type()).isEqualTo("OrderPlaced");
        assertThat(event.schemaVersion()).isEqualTo((short) 2);
        assertThat(event.payload()).isEqualTo(Messages.json("""
                {"customer":{"id":"lee"},"channel":"APP","currency":"GBP",
                 "items":[{"sku":"margherita","name":"Margherita","quantity":2,"unitPrice":950},
                   {"sku":"cola","quantity":1,"unitPrice":0}]}"""));
        assertThat(event.personalData()).contains(Messages.json("""
                {"principal":"arn:aws:iam::111122223333:user/shop",
                 "customer":{"name":"Lee O'Brien","phone":"+44 20 7946 0000","email":"lee@example.com"},
                 "deliveryAddress":{"line1":"1 High Street","line2":"Flat 2","city":"Leeds","region":"West Yorkshire",
                   "postalCode":"LS1 1AA","country":"GB"},
                 "notes":"ring twice"}"""));
    }

    @Test
    void takes_the_identity_the_time_and_the_request_from_the_detail() {
        NewEvent event = valid(Messages.placement(EVENT_ID, Messages.order()));

        assertThat(event.eventId()).isEqualTo(EVENT_ID);
        assertThat(event.streamId()).isEqualTo(EVENT_ID);
        assertThat(event.occurredAt()).isEqualTo(Instant.ofEpochMilli(Messages.REQUESTED_AT));
        assertThat(event.metadata()).isEqualTo(Messages.json("""
                {"requestId":"JJbxmplHYosFVYQ=","path":"POST /orders","traceId":"1-67891233-abcdef012345678912345678"}"""));
    }

    @Test
    void takes_the_identity_and_the_time_of_the_envelope_when_the_detail_has_none() {
        ObjectNode message = Messages.keylessPlacement(EVENT_ID, Messages.order());
        detail(message).remove(List.of("requestedAt", "requestId", "path", "principal"));

        NewEvent event = valid(message);

        assertThat(event.eventId()).isEqualTo(EVENT_ID);
        assertThat(event.streamId()).isEqualTo(EVENT_ID);
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-22T18:43:48Z"));
    }

    @Test
    void places_the_order_that_the_detail_names() {
        ObjectNode message = Messages.placement(EVENT_ID, Messages.order());
        detail(message).put("orderId", ORDER_ID.toString());

        assertThat(valid(message).streamId()).isEqualTo(ORDER_ID);
    }

    @Test
    void passes_over_what_aws_may_add_to_the_envelope() {
        ObjectNode message = Messages.placement(EVENT_ID, Messages.order()).put("replay-name", "again");
        detail(message).put("later", true);

        assertThat(valid(message).eventId()).isEqualTo(EVENT_ID);
    }

    @Test
    void has_no_personal_data_when_none_came() {
        ObjectNode message = Messages.cancellation(EVENT_ID, ORDER_ID, "{}");
        detail(message).remove("principal");

        NewEvent event = valid(message);

        assertThat(event.personalData()).isEmpty();
        assertThat(event.payload()).isEmpty();
        assertThat(event.streamId()).isEqualTo(ORDER_ID);
        assertThat(event.type()).isEqualTo("OrderCancelled");
    }

    @Test
    void counts_characters_as_code_points() {
        ObjectNode order = Messages.order().put("notes", "🍕".repeat(2_000));
        assertThat(valid(Messages.placement(EVENT_ID, order))
                        .personalData()
                        .orElseThrow()
                        .get("notes"))
                .isEqualTo(order.get("notes"));

        order.put("notes", "🍕".repeat(2_001));
        assertThat(problems(Messages.placement(EVENT_ID, order)))
                .containsExactly(new Problem("notes", "must have at most 2000 characters"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/customer                | null              | customer must be an object",
                "/customer                | \"lee\"           | customer must be an object",
                "/customer/id             | 7                 | customer.id must be text",
                "/customer/id             | \"\"              | customer.id must be 1 to 64 letters",
                "/customer/id             | \"a b\"           | customer.id must be 1 to 64 letters",
                "/customer/id             | \"a\\n\"          | customer.id must be 1 to 64 letters",
                "/customer/name           | {}                | customer.name must be text",
                "/customer/age            | 40                | customer.age is unknown",
                "/deliveryAddress/country | \"gb\"            | deliveryAddress.country must be two capital letters",
                "/deliveryAddress/planet  | \"Earth\"         | deliveryAddress.planet is unknown",
                "/channel                 | \"FAX\"           | channel must be one of WEB, APP, PHONE, STORE, PARTNER, OTHER, UNSPECIFIED",
                "/channel                 | \"app\"           | channel must be one of",
                "/channel                 | \"NOT_ASKED\"     | channel must be one of",
                "/channel                 | \"\"              | channel must be one of",
                "/channel                 | null              | channel must be text",
                "/currency                | \"gbp\"           | currency must be three capital letters",
                "/currency                | \"GBPX\"          | currency must be three capital letters",
                "/items                   | []                | items must be a list of 1 to 100 objects",
                "/items                   | {}                | items must be a list of 1 to 100 objects",
                "/items/0                 | 1                 | items[0] must be an object",
                "/items/1/sku             | \"\"              | items[1].sku must have 1 to 100 characters",
                "/items/0/quantity        | 0                 | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/quantity        | 1001              | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/quantity        | \"2\"             | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/quantity        | 2.0               | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/quantity        | 1e3               | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/quantity        | true              | items[0].quantity must be an integer from 1 to 1000",
                "/items/0/unitPrice       | -1                | items[0].unitPrice must be an integer from 0 to 100000000",
                "/items/0/unitPrice       | 100000001         | items[0].unitPrice must be an integer from 0 to 100000000",
                "/items/0/unitPrice       | 18446744073709551617 | items[0].unitPrice must be an integer from 0 to",
                "/items/0/discount        | 1                 | items[0].discount is unknown",
                "/notes                   | null              | notes must be text",
                "/notes                   | \"a\\u0000b\"     | notes must hold neither a NUL character nor half",
                "/notes                   | \"a\\ud83cb\"     | notes must hold neither a NUL character nor half",
                "/customer/name           | \"\\udf55\\ud83c\" | customer.name must hold neither a NUL character nor half",
                "/priority                | 1                 | priority is unknown",
            })
    void names_the_field_and_the_rule_that_it_breaks(String pointer, String value, String problem) {
        String message = Messages.placement(EVENT_ID, Messages.order()).toString();
        String changed = Json.with(message, "/detail/data" + pointer, value);

        Reading reading = RequestReader.read(
                changed.getBytes(StandardCharsets.UTF_8), EnumSet.of(RequestKind.PLACEMENT), Optional.empty());

        assertThat(reading).isInstanceOfSatisfying(Reading.Invalid.class, invalid -> {
            assertThat(invalid.eventId()).contains(EVENT_ID);
            assertThat(invalid.problems()).singleElement().asString().startsWith(problem);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "currency", "items"})
    void names_what_is_missing(String field) {
        ObjectNode order = Messages.order();
        order.remove(field);

        assertThat(problems(Messages.placement(EVENT_ID, order))).containsExactly(new Problem(field, "is required"));
    }

    @Test
    void names_everything_at_once_and_no_value() {
        ObjectNode order = Messages.json("""
                {"customer":{"name":5},"currency":"secret","items":[{"quantity":"secret"}],"secret\\n":"secret"}""");

        List<Problem> problems = problems(Messages.placement(EVENT_ID, order));

        assertThat(problems)
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "customer.id",
                        "customer.name",
                        "currency",
                        "items[0].sku",
                        "items[0].quantity",
                        "items[0].unitPrice",
                        "secret?");
        assertThat(problems).extracting(Problem::rule).noneMatch(rule -> rule.contains("secret"));
    }

    @Test
    void stops_counting_problems_somewhere() {
        ObjectNode order = Messages.order();
        for (int i = 0; i < 10_000; i++) {
            order.put("unknown" + i, i);
        }

        assertThat(problems(Messages.placement(EVENT_ID, order))).hasSize(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/source               | \"elsewhere\"     | source must be order-ledger.api",
                "/detail-type          | \"OrderCancellationRequested\" | detail-type must be OrderPlacementRequested",
                "/detail               | []                | detail must be an object",
                "/detail/eventId       | \"8e03978e\"      | detail.eventId must be a UUID",
                "/detail/eventId       | \"8e03978e-40d5-43e8-bc93-6894a57f9324 \" | detail.eventId must be a UUID",
                "/detail/orderId       | 1                 | detail.orderId must be text",
                "/detail/schemaVersion | 0                 | detail.schemaVersion must be an integer from 1 to 2",
                "/detail/schemaVersion | 3                 | detail.schemaVersion must be an integer from 1 to 2",
                "/detail/schemaVersion | \"2\"             | detail.schemaVersion must be an integer from 1 to 2",
                "/detail/requestedAt   | \"now\"           | detail.requestedAt must be an integer from 0 to",
                "/detail/requestedAt   | -1                | detail.requestedAt must be an integer from 0 to",
                "/detail/requestedAt   | 9223372036854775807 | detail.requestedAt must be an integer from 0 to",
                "/detail/requestId     | \"\\u0000\"       | detail.requestId must hold neither",
                "/detail/principal     | \"\\ud800\"       | detail.principal must hold neither",
                "/detail/data          | \"{}\"            | detail.data must be an object",
            })
    void names_what_is_wrong_with_the_envelope(String pointer, String value, String problem) {
        String message = Messages.placement(EVENT_ID, Messages.order()).toString();

        assertThat(problems(Json.with(message, pointer, value)))
                .extracting(Problem::toString)
                .anySatisfy(found -> assertThat(found).startsWith(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22", "1969-12-31T23:59:59Z", "+12026-01-01T00:00:00Z", "yesterday"})
    void refuses_times_that_cannot_be_recorded(String time) {
        ObjectNode message = Messages.placement(EVENT_ID, Messages.order()).put("time", time);
        detail(message).remove("requestedAt");

        assertThat(problems(message)).extracting(Problem::field).containsExactly("time");
    }

    @Test
    void a_cancellation_has_to_name_its_order() {
        ObjectNode message = Messages.cancellation(EVENT_ID, ORDER_ID, "{}");
        detail(message).remove("orderId");

        assertThat(problems(message)).containsExactly(new Problem("detail.orderId", "is required"));
    }

    @Test
    void a_cancellation_takes_a_reason_and_nothing_else() {
        ObjectNode message =
                Messages.cancellation(EVENT_ID, ORDER_ID, "{\"reason\":\"" + "x".repeat(501) + "\",\"by\":1}");

        assertThat(problems(message)).extracting(Problem::field).containsExactly("reason", "by");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OrderPrepared", "OrderDispatched", "OrderDelivered"})
    void takes_what_another_service_reports(String type) {
        Instant at = Instant.parse("2026-11-22T18:53:47.123456Z");
        ObjectNode message = Messages.report(type, EVENT_ID, ORDER_ID, at);
        detail(message)
                .put("principal", "arn:aws:iam::111122223333:role/fulfilment")
                .put("requestId", "job-4711")
                .put("path", "what it says itself")
                .put("requestedAt", Messages.REQUESTED_AT)
                .put("weight", 3);

        NewEvent event = valid(message);

        assertThat(event.eventId()).isEqualTo(EVENT_ID);
        assertThat(event.streamId()).isEqualTo(ORDER_ID);
        assertThat(event.type()).isEqualTo(type);
        assertThat(event.schemaVersion()).isEqualTo((short) 1);
        assertThat(event.occurredAt()).isEqualTo(at);
        assertThat(event.payload()).isEmpty();
        assertThat(event.personalData())
                .contains(Messages.json("{\"principal\":\"arn:aws:iam::111122223333:role/fulfilment\"}"));
        assertThat(event.metadata()).isEqualTo(Messages.json("""
                {"requestId":"job-4711","path":"orders.fulfilment","traceId":"1-67891233-abcdef012345678912345678"}"""));
    }

    @Test
    void takes_the_identity_and_the_time_of_the_envelope_when_a_report_has_none() {
        ObjectNode message = Messages.report("OrderPrepared", EVENT_ID, ORDER_ID, Instant.EPOCH)
                .put("id", EVENT_ID.toString());
        detail(message).remove(List.of("eventId", "occurredAt"));

        NewEvent event = valid(message);

        assertThat(event.eventId()).isEqualTo(EVENT_ID);
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-22T18:43:48Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/source               | \"order-ledger.api\" | source must be the name of a service",
                "/source               | \"\"              | source must be the name of a service",
                "/source               | \"a\\nb\"          | source must be the name of a service",
                "/source               | 7                 | source must be text",
                "/detail-type          | \"OrderPlacementRequested\" | detail-type must be OrderPrepared or OrderDispatched or OrderDelivered",
                "/detail/eventId       | \"8e03978e\"      | detail.eventId must be a UUID",
                "/detail/orderId       | null              | detail.orderId must be text",
                "/detail/schemaVersion | 2                 | detail.schemaVersion must be an integer from 1 to 1",
                "/detail/occurredAt    | 1795373028123     | detail.occurredAt must be text",
                "/detail/occurredAt    | \"2026-11-22\"    | detail.occurredAt must be a time of RFC 3339",
                "/detail/occurredAt    | \"+12026-01-01T00:00:00Z\" | detail.occurredAt must be a time of RFC 3339",
                "/detail/data          | []                | detail.data must be an object",
                "/detail/data          | {\"carrier\":1}   | carrier is unknown",
                "/detail/principal     | \"\\ud800\"       | detail.principal must hold neither",
            })
    void names_what_is_wrong_with_a_report(String pointer, String value, String problem) {
        String message = Messages.report("OrderDispatched", EVENT_ID, ORDER_ID, Instant.EPOCH)
                .toString();

        Reading reading = RequestReader.read(
                Json.with(message, pointer, value).getBytes(StandardCharsets.UTF_8),
                RequestKind.REPORTS,
                Optional.empty());

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .extracting(Problem::toString)
                                .anySatisfy(found -> assertThat(found).startsWith(problem)));
    }

    @Test
    void a_report_has_to_name_its_order() {
        ObjectNode message = Messages.report("OrderDelivered", EVENT_ID, ORDER_ID, Instant.EPOCH);
        detail(message).remove("orderId");

        Reading reading = read(message.toString());

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .containsExactly(new Problem("detail.orderId", "is required")));
    }

    @Test
    void nobody_places_or_cancels_in_the_name_of_another_service() {
        for (ObjectNode message : List.of(
                Messages.placement(EVENT_ID, Messages.order()), Messages.cancellation(EVENT_ID, ORDER_ID, "{}"))) {
            Reading reading = read(message.put("source", "orders.fulfilment").toString());

            assertThat(reading)
                    .isInstanceOfSatisfying(
                            Reading.Invalid.class,
                            invalid -> assertThat(invalid.problems())
                                    .containsExactly(new Problem("source", "must be order-ledger.api")));
        }
    }

    private static ObjectNode detail(ObjectNode message) {
        return (ObjectNode) message.get("detail");
    }

    private static NewEvent valid(ObjectNode message) {
        Reading reading = read(message.toString());
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid) reading).event();
    }

    private static List<Problem> problems(ObjectNode message) {
        return problems(message.toString());
    }

    private static List<Problem> problems(String message) {
        EnumSet<RequestKind> accepted =
                message.contains("\"PUT ") ? EnumSet.of(RequestKind.CANCELLATION) : EnumSet.of(RequestKind.PLACEMENT);
        Reading reading = RequestReader.read(message.getBytes(StandardCharsets.UTF_8), accepted, Optional.empty());
        assertThat(reading).isInstanceOf(Reading.Invalid.class);
        return ((Reading.Invalid) reading).problems();
    }

    private static Reading read(String message) {
        return RequestReader.read(
                message.getBytes(StandardCharsets.UTF_8),
                EnumSet.allOf(RequestKind.class),
                Optional.of("1-67891233-abcdef012345678912345678"));
    }
}
