package io.orderledger.local.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How events are told, to people and to programs. */
final class EventTable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SHORT_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final double MILLIS_PER_SECOND = 1_000;

    private EventTable() {}

    /** Positions and blocks are numbers that fit a double's 53 bits for longer than any ledger lives. */
    static ObjectNode json(Events.Event event) {
        ObjectNode json = Answer.object()
                .put("eventId", event.eventId().toString())
                .put("orderId", event.orderId().toString())
                .put("version", event.version())
                .put("type", event.type())
                .put("schemaVersion", event.schemaVersion())
                .put("occurredAt", TIME.format(event.occurredAt()))
                .put("recordedAt", TIME.format(event.recordedAt()))
                .put("gapSeconds", gap(event).toMillis() / MILLIS_PER_SECOND)
                .put("path", event.path())
                .put("position", event.position())
                .put("late", event.isLate());
        if (event.block().isPresent()) {
            json.put("block", event.block().getAsLong());
        } else {
            json.putNull("block");
        }
        json.put("digest", event.digest());
        try {
            return json.set("payload", JSON.readTree(event.payload()));
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the text.
            throw new IllegalStateException(
                    "PostgreSQL returned JSON that Jackson cannot read at position " + event.position());
        }
    }

    static Duration gap(Events.Event event) {
        return Duration.between(event.occurredAt(), event.recordedAt());
    }

    static String block(Events.Event event) {
        String block = event.block().isPresent() ? Long.toString(event.block().getAsLong()) : "unsealed";
        return event.isLate() ? block + " late" : block;
    }

    static String time(Instant time) {
        return SHORT_TIME.format(time);
    }

    /** Short and with its unit: 12 ms, 3.4 s, 5 min, 2 h 3 min, 4 d 5 h. */
    static String told(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / MILLIS_PER_SECOND);
        }
        if (duration.compareTo(Duration.ofHours(1)) < 0) {
            return duration.toMinutes() + " min";
        }
        if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }

    /** Late marks and events that wait attract attention; the words say so too. */
    static Screen.Tone tone(String block) {
        return block.endsWith("late") || block.equals("unsealed") ? Screen.Tone.ATTENTION : Screen.Tone.PLAIN;
    }

    static List<String> timeline(Events.Event event) {
        return List.of(
                Integer.toString(event.version()),
                event.type(),
                time(event.occurredAt()),
                "+" + told(gap(event)),
                time(event.recordedAt()),
                event.path(),
                Long.toString(event.position()),
                block(event),
                event.eventId().toString());
    }
}
