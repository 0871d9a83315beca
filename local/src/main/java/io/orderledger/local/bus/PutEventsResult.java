package io.orderledger.local.bus;

import java.util.List;

/** What PutEvents answers: one result an entry, in the entries' order. */
public record PutEventsResult(List<Entry> entries) {

    public PutEventsResult {
        entries = List.copyOf(entries);
    }

    /** What became of one entry. */
    public sealed interface Entry {
        /** It is on disk for every target it matched. */
        record Accepted(String eventId) implements Entry {}

        /** It was refused; sending it again helps only if the code says so. */
        record Refused(String errorCode, String errorMessage) implements Entry {}
    }

    public long failedEntryCount() {
        return entries.stream().filter(Entry.Refused.class::isInstance).count();
    }
}
