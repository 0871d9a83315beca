package io.orderledger.handlers.announce;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.orderledger.ledger.publication.SealedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * An event as it is put on the bus: what sam/schemas/order-recorded-v1.json describes.
 *
 * @param event which event
 * @param detail the JSON of the entry
 * @param sizeBytes what EventBridge counts
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-event-size">How it counts</a>
 */
record Announcement(SealedEvent event, String detail, int sizeBytes) {
    /** No rule of this stack listens to it: what is announced is never taken for a request. */
    static final String SOURCE = "order-ledger.ledger";

    static final String DETAIL_TYPE = "OrderRecorded";

    /**
     * What one entry may take. EventBridge takes 1 MB by now, but targets take 256 KB, of the whole event: the rest is for its envelope.
     */
    static final int MAX_ENTRY_SIZE_BYTES = 250 * 1024;

    private static final int FIXED_SIZE_BYTES = SOURCE.length() + DETAIL_TYPE.length();

    /** As in the API's answers: six digits, so that times sort as text and lose nothing. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** With the payload; without it, and with the way to it, where it is too large. */
    static Announcement of(SealedEvent event) {
        ObjectNode detail = head(event);
        detail.putRawValue("payload", new RawValue(event.payload()));
        Announcement whole = of(event, detail);
        if (whole.sizeBytes() <= MAX_ENTRY_SIZE_BYTES) {
            return whole;
        }
        ObjectNode without = head(event);
        without.putObject("payloadOmitted")
                .put("sizeBytes", event.payload().getBytes(StandardCharsets.UTF_8).length)
                .put("path", "/orders/" + event.orderId() + "/history");
        return of(event, without);
    }

    private static ObjectNode head(SealedEvent event) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("eventId", event.eventId().toString())
                .put("orderId", event.orderId().toString())
                .put("type", event.type())
                .put("schemaVersion", event.schemaVersion())
                .put("version", event.version())
                .put("position", event.position())
                .put("block", event.block())
                .put("occurredAt", time(event.occurredAt()))
                .put("recordedAt", time(event.recordedAt()));
    }

    private static Announcement of(SealedEvent event, ObjectNode detail) {
        String text = detail.toString();
        return new Announcement(event, text, FIXED_SIZE_BYTES + text.getBytes(StandardCharsets.UTF_8).length);
    }

    PutEventsRequestEntry entry(String bus) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(SOURCE)
                .detailType(DETAIL_TYPE)
                .detail(detail)
                .build();
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** Names the event and nothing of its content, which must not get into logs. */
    @Override
    public String toString() {
        return "Announcement[" + event + "]";
    }
}
