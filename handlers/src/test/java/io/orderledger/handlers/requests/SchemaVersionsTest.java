package io.orderledger.handlers.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.Messages;
import io.orderledger.ledger.NewEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests of every schema version there ever was, as they were once stored: the files of {@code resources/golden}. A message may be
 * delivered long after the deployment that brought the next version, and has to give the same event then.
 */
class SchemaVersionsTest {
    private static final Path REQUESTS = Path.of("src/test/resources/golden");
    private static final Path EVENTS = Path.of("../ledger/src/test/resources/golden");
    private static final Path PLACEMENT_SCHEMA = Path.of("../sam/schemas/order-placement-requested-v2.json");
    private static final UUID EVENT_ID = UUID.fromString("8e03978e-40d5-43e8-bc93-6894a57f9324");

    /** A request of a kind in one of its versions. */
    record Version(RequestKind kind, int number) {
        ObjectNode request() throws IOException {
            return Messages.json(Files.readString(REQUESTS.resolve(kind.detailType() + "-" + number + ".json")));
        }

        /** What the ledger holds of such an event. */
        ObjectNode recorded() throws IOException {
            return Messages.json(Files.readString(EVENTS.resolve(kind.eventType() + "-" + number + ".json")))
                    .withObject("/recorded");
        }
    }

    static List<Version> versions() {
        return Arrays.stream(RequestKind.values())
                .flatMap(kind -> IntStream.rangeClosed(1, kind.newestSchemaVersion())
                        .mapToObj(number -> new Version(kind, number)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_request_of_every_version_gives_an_event_of_that_version(Version version) throws IOException {
        NewEvent event = valid(version.request());

        assertThat(event.type()).isEqualTo(version.kind().eventType());
        assertThat(event.schemaVersion()).isEqualTo((short) version.number());
        assertThat(event.payload()).isEqualTo(version.recorded());
    }

    @Test
    void every_version_that_is_read_has_a_golden_request_and_every_golden_request_is_read() throws IOException {
        try (Stream<Path> files = Files.list(REQUESTS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(versions().stream()
                            .map(version -> version.kind().detailType() + "-" + version.number() + ".json")
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(RequestKind.class)
    void the_newest_version_that_is_read_is_the_newest_that_the_ledger_knows(RequestKind kind) throws IOException {
        try (Stream<Path> files = Files.list(EVENTS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(kind.eventType() + "-")))
                    .hasSize(kind.newestSchemaVersion());
        }
    }

    @Test
    void version_1_of_a_placing_knows_no_channel() {
        assertThat(problems(placement(1, Messages.order()))).containsExactly(new Problem("channel", "is unknown"));
    }

    @Test
    void version_2_of_a_placing_without_a_channel_does_not_specify_it() {
        ObjectNode order = Messages.order();
        order.remove("channel");
        NewEvent event = valid(placement(2, order));

        assertThat(event.payload().get("channel").textValue()).isEqualTo("UNSPECIFIED");
        assertThat(event.payload())
                .isEqualTo(
                        valid(placement(2, order.put("channel", "UNSPECIFIED"))).payload());
    }

    @Test
    void version_2_of_a_placing_takes_the_channels_of_its_schema_and_no_others() throws IOException {
        JsonNode schema = Messages.json(Files.readString(PLACEMENT_SCHEMA)).at("/properties/data/properties/channel");
        List<String> channels =
                schema.get("enum").valueStream().map(JsonNode::textValue).toList();
        assertThat(channels).contains(schema.get("default").textValue());

        for (String channel : channels) {
            NewEvent event = valid(placement(2, Messages.order().put("channel", channel)));
            assertThat(event.payload().get("channel").textValue()).isEqualTo(channel);
        }
        assertThat(problems(placement(2, Messages.order().put("channel", "FAX"))))
                .containsExactly(new Problem("channel", "must be one of " + String.join(", ", channels)));
    }

    @Test
    void a_message_that_names_no_version_is_of_the_first() {
        ObjectNode order = Messages.order();
        order.remove("channel");
        ObjectNode message = placement(1, order);
        NewEvent stamped = valid(message);
        message.withObject("/detail").remove("schemaVersion");

        NewEvent event = valid(message);

        assertThat(event.schemaVersion()).isEqualTo((short) 1);
        assertThat(event.payload()).isEqualTo(stamped.payload());
    }

    private static ObjectNode placement(int schemaVersion, ObjectNode order) {
        ObjectNode message = Messages.placement(EVENT_ID, order);
        message.withObject("/detail").put("schemaVersion", schemaVersion);
        return message;
    }

    private static NewEvent valid(ObjectNode message) {
        Reading reading = RequestReader.read(bytes(message), EnumSet.allOf(RequestKind.class), Optional.empty());
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid) reading).event();
    }

    private static List<Problem> problems(ObjectNode message) {
        Reading reading = RequestReader.read(bytes(message), EnumSet.allOf(RequestKind.class), Optional.empty());
        assertThat(reading).isInstanceOf(Reading.Invalid.class);
        return ((Reading.Invalid) reading).problems();
    }

    private static byte[] bytes(ObjectNode message) {
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }
}
