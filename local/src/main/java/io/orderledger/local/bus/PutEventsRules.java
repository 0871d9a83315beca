package io.orderledger.local.bus;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.bus.PutEventsResult.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What EventBridge demands of a PutEvents call and of its entries, see
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">its reference</a>.
 */
final class PutEventsRules {

    private static final int ENTRIES_LIMIT = 10;
    private static final int SIZE_LIMIT_BYTES = 1024 * 1024;
    private static final int DETAIL_TYPE_LIMIT_CHARACTERS = 128;
    private static final String RESERVED_SOURCE_PREFIX = "aws.";
    private static final String INVALID_ARGUMENT = "InvalidArgument";

    /**
     * The entries of a call.
     *
     * @throws PutEventsRefused where there are none or too many, or they are too large together
     */
    List<PutEventsEntry> entries(JsonNode request) {
        JsonNode entries = request.path("Entries");
        if (entries.isMissingNode() || entries.isNull()) {
            throw invalid("Value null at 'entries' failed to satisfy constraint: Member must not be null");
        }
        if (!entries.isArray()) {
            throw new PutEventsRefused("SerializationException", "Entries is not a list");
        }
        if (entries.isEmpty()) {
            throw invalid("Value '[]' at 'entries' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 1");
        }
        if (entries.size() > ENTRIES_LIMIT) {
            throw invalid(
                    "Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to "
                            + ENTRIES_LIMIT);
        }
        var read = new ArrayList<PutEventsEntry>();
        entries.forEach(entry -> read.add(PutEventsEntry.read(entry)));
        if (read.stream().mapToLong(PutEventsEntry::sizeBytes).sum() > SIZE_LIMIT_BYTES) {
            throw new PutEventsRefused(
                    "ValidationException", "Total size of the entries in the request is over the limit.");
        }
        return read;
    }

    /** Why an entry is refused; empty where it is not. */
    Optional<Entry.Refused> refusal(PutEventsEntry entry) {
        return missing("Source", entry.source())
                .or(() -> missing("DetailType", entry.detailType()))
                .or(() -> missing("Detail", entry.detail()))
                .or(() -> unwritable(entry))
                .or(() -> tooLong(entry.detailType().orElse("")))
                .or(() -> reserved(entry.source().orElse("")))
                .or(() -> malformed(entry.detail().orElse("")));
    }

    private static Optional<Entry.Refused> missing(String member, Optional<String> value) {
        return value.filter(text -> !text.isEmpty()).isPresent()
                ? Optional.empty()
                : Optional.of(new Entry.Refused(
                        INVALID_ARGUMENT,
                        "Parameter " + member + " is not valid. Reason: " + member + " is a required argument."));
    }

    /** Half a surrogate pair is a character to JSON, but none that an event could hold. */
    private static Optional<Entry.Refused> unwritable(PutEventsEntry entry) {
        String texts = entry.source().orElse("")
                + ' '
                + entry.detailType().orElse("")
                + ' '
                + String.join(" ", entry.resources());
        return StandardCharsets.UTF_8.newEncoder().canEncode(texts)
                ? Optional.empty()
                : Optional.of(new Entry.Refused(INVALID_ARGUMENT, "A parameter is not valid Unicode text."));
    }

    private static Optional<Entry.Refused> tooLong(String detailType) {
        return detailType.length() <= DETAIL_TYPE_LIMIT_CHARACTERS
                ? Optional.empty()
                : Optional.of(new Entry.Refused(
                        INVALID_ARGUMENT,
                        "Parameter DetailType is not valid. Reason: DetailType is longer than "
                                + DETAIL_TYPE_LIMIT_CHARACTERS + " characters."));
    }

    private static Optional<Entry.Refused> reserved(String source) {
        return source.startsWith(RESERVED_SOURCE_PREFIX)
                ? Optional.of(new Entry.Refused("NotAuthorizedForSourceException", "Not authorized for the source."))
                : Optional.empty();
    }

    private static Optional<Entry.Refused> malformed(String detail) {
        return Envelope.isWellFormed(detail)
                ? Optional.empty()
                : Optional.of(new Entry.Refused("MalformedDetail", "Detail is malformed."));
    }

    private static PutEventsRefused invalid(String violation) {
        return new PutEventsRefused("ValidationException", "1 validation error detected: " + violation);
    }
}
