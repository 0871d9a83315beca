package io.orderledger.ledger;

import static io.orderledger.db.tables.ledger.tables.AppendBatch.APPEND_BATCH;

import io.orderledger.db.tables.ledger.tables.AppendBatch;
import io.orderledger.db.tables.ledger.tables.records.AppendBatchRecord;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jooq.JSONB;

/** Calls {@code ledger.append_batch}. Each column of the batch is one parameter, so the statement's text is the same for any batch. */
final class Batches {
    private static final String BATCH_REFUSED = "OL006";
    private static final String TOO_LARGE = "54000";

    /** Ordinal, SQLSTATE and the detail that append gives. */
    private static final int PARTS_OF_REFUSAL = 3;

    private final Database database;

    Batches(Database database) {
        this.database = database;
    }

    List<BatchResult> append(List<BatchEvent> events, OnRefusal onRefusal) {
        List<BatchEvent> batch = List.copyOf(events);
        if (batch.size() > Ledger.MAX_EVENTS_PER_BATCH) {
            throw new BatchTooLarge(batch.size());
        }
        if (batch.isEmpty()) {
            return List.of();
        }
        AppendBatch call = call(batch, onRefusal);
        try {
            return database.attempt(sql -> sql.selectFrom(call)
                    .orderBy(APPEND_BATCH.ORDINAL)
                    .fetch(row -> result(batch.get(row.getOrdinal() - 1), row)));
        } catch (DatabaseFailure failure) {
            throw switch (failure.sqlState()) {
                case BATCH_REFUSED -> refused(batch, failure);
                case TOO_LARGE -> new BatchTooLarge(batch.size());
                default -> Database.translated(failure);
            };
        }
    }

    private static AppendBatch call(List<BatchEvent> batch, OnRefusal onRefusal) {
        return APPEND_BATCH.call(
                column(batch, NewEvent::eventId, UUID[]::new),
                column(batch, NewEvent::streamId, UUID[]::new),
                column(batch, NewEvent::type, String[]::new),
                column(batch, NewEvent::schemaVersion, Short[]::new),
                column(batch, event -> Ledger.json(event.payload()), JSONB[]::new),
                batch.stream()
                        .map(item ->
                                item.event().personalData().map(Ledger::json).orElse(null))
                        .toArray(JSONB[]::new),
                column(batch, event -> Ledger.json(event.metadata()), JSONB[]::new),
                column(batch, event -> event.occurredAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new),
                batch.stream().map(item -> Ledger.lastVersion(item.expected())).toArray(Integer[]::new),
                onRefusal == OnRefusal.APPEND_NOTHING);
    }

    private static <T> T[] column(List<BatchEvent> batch, Function<NewEvent, T> field, IntFunction<T[]> array) {
        return batch.stream().map(item -> field.apply(item.event())).toArray(array);
    }

    private static BatchResult result(BatchEvent item, AppendBatchRecord row) {
        return row.getCode() == null
                ? new BatchResult.Recorded(Ledger.result(row.getOutcome(), row.getPosition(), row.getVersion()))
                : new BatchResult.Refused(reason(item, row.getCode(), row.getDetail())
                        .orElseThrow(() -> new IllegalStateException(item.event()
                                + " is malformed, which its class should not let happen: " + row.getCode())));
    }

    private static RuntimeException refused(List<BatchEvent> batch, DatabaseFailure failure) {
        String[] parts = failure.serverDetail().split(" ", PARTS_OF_REFUSAL);
        int index = Integer.parseInt(parts[0]) - 1;
        return reason(batch.get(index), parts[1], parts[2])
                .<RuntimeException>map(reason -> new BatchRefused(index, reason))
                .orElseGet(() -> Database.translated(failure));
    }

    private static Optional<AppendRefused> reason(BatchEvent item, String code, String detail) {
        return Ledger.refusal(item.event(), item.expected(), code, detail, null);
    }
}
