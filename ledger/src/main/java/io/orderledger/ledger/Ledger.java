package io.orderledger.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.routines.Append;
import io.orderledger.db.tables.ledger.routines.Seal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;

/**
 * The event store: append, seal, read.
 *
 * <p>Thread-safe if the data source is. The data source gives connections in autocommit mode at READ COMMITTED; what its role may do
 * decides which methods work: {@code ledger_writer} appends and refuses, {@code ledger_sealer} seals, {@code ledger_reader} reads
 * history, {@code ledger_recorder} and {@code ledger_replayer} append, refuse and seal, {@code ledger_keeper} seals.
 *
 * <p>Each method throws {@link LedgerUnavailable} when the database cannot do the work now, and can then be called again with the same
 * arguments, and {@link LedgerFault} when the code or the set-up is wrong.
 */
public final class Ledger {
    /** What one block holds at most, in events: it bounds how long the sealer's lock is held. */
    public static final int MAX_EVENTS_PER_BLOCK = 1_000;

    /** How much of a refusal's explanation is kept, in characters. */
    public static final int MAX_DETAIL_CHARACTERS = 2_000;

    /** What one batch holds at most, in events; {@code ledger.append_batch} sets it. */
    public static final int MAX_EVENTS_PER_BATCH = 1_000;

    /** What the JSON of one batch takes at most, as PostgreSQL stores it; {@code ledger.append_batch} sets it. */
    public static final int MAX_BATCH_SIZE_BYTES = 16 * 1024 * 1024;

    private static final String CONFLICT = "OL001";
    private static final String UNEXPECTED_VERSION = "OL002";

    private final Database database;
    private final Batches batches;
    private final History history;

    public Ledger(DataSource dataSource) {
        this.database = new Database(dataSource);
        this.batches = new Batches(database);
        this.history = new History(database);
    }

    /**
     * Appends an event, or finds that it is there already. One round trip; idempotent, by the event ID. Waits for nobody but writers
     * of the same stream.
     *
     * <p>That the event is there already is decided first: a retry of a success is a duplicate, whatever version it expects. Events
     * are the same if stream, type, schema version, payload and personal data are, where {@code principal} does not count.
     *
     * @throws EventConflict if the event ID is recorded with other content
     * @throws UnexpectedVersion if the event is new and the stream is not at the expected version
     */
    public AppendResult append(NewEvent event, ExpectedVersion expected) {
        try {
            Append append = database.attempt(sql -> Routines.append(
                    sql.configuration(),
                    event.eventId(),
                    event.streamId(),
                    event.type(),
                    event.schemaVersion(),
                    json(event.payload()),
                    event.personalData().map(Ledger::json).orElse(null),
                    json(event.metadata()),
                    event.occurredAt(),
                    lastVersion(expected)));
            return appended(append);
        } catch (DatabaseFailure failure) {
            throw refusal(event, expected, failure.sqlState(), failure.serverDetail(), failure)
                    .map(RuntimeException.class::cast)
                    .orElseGet(() -> Database.translated(failure));
        }
    }

    /**
     * Appends many events in one round trip and one transaction, each as {@link #append} would if it were called for one after the other
     * in their order: with duplicates of earlier events of the batch, and versions that those have moved on. Idempotent, like append;
     * waits only for writers of the same streams.
     *
     * <p>For backfills. Messages that are replayed from queues go through the functions' own way in, one by one, because each has to be
     * read, and kept if it is refused, by itself.
     *
     * @param onRefusal what is to happen to the others when an event is refused
     * @return what became of each event, in their order
     * @throws BatchRefused if an event is refused and {@link OnRefusal#APPEND_NOTHING} was asked for; nothing was recorded then
     * @throws BatchTooLarge if there are more than {@link #MAX_EVENTS_PER_BATCH} events, or their JSON takes more than {@link
     *     #MAX_BATCH_SIZE_BYTES}
     */
    public List<BatchResult> appendAll(List<BatchEvent> events, OnRefusal onRefusal) {
        return batches.append(events, onRefusal);
    }

    /**
     * Puts events that are committed and in no block yet into one new block, at most {@link #MAX_EVENTS_PER_BLOCK}. One round trip;
     * never waits for another sealer or an append.
     */
    public SealResult seal() {
        Seal seal = database.statement(sql -> Routines.seal(sql.configuration(), MAX_EVENTS_PER_BLOCK));
        return switch (seal.getOutcome()) {
            case "SEALED" -> new SealResult.Sealed(seal.getHeight(), seal.getEventCount());
            case "EMPTY" -> new SealResult.NothingPending();
            case "BUSY" -> new SealResult.Busy();
            default -> throw new IllegalStateException("ledger.seal answered " + seal.getOutcome());
        };
    }

    /**
     * Seals until nothing is pending, another session is sealing, or the deadline passes.
     *
     * <p>No wake-up is lost: when this returns true, every event that was committed before the call is in a block, or another
     * session's {@code sealAll} is going to put it there. For whoever sees the lock taken had committed before, and whoever held the
     * lock looks at what is pending once more after having released it.
     *
     * @return false if the deadline passed first; then somebody has to call again
     */
    public boolean sealAll(Deadline deadline) {
        do {
            SealResult result = seal();
            if (result instanceof SealResult.Busy) {
                return true;
            }
            if (result instanceof SealResult.NothingPending && !isAnythingPending()) {
                return true;
            }
        } while (!deadline.hasPassed());
        return false;
    }

    /** The events of a stream in the order of their versions; none for a stream that is not known. One round trip. */
    public List<RecordedEvent> history(UUID streamId) {
        return history.of(streamId);
    }

    /** What became of the messages under an event ID: recorded, refused, or neither yet. Two round trips; as {@code ledger_reader}. */
    public Fate fate(UUID eventId) {
        return history.fate(eventId);
    }

    /**
     * Keeps a message that can never become an event. Idempotent: the same bytes are kept once.
     *
     * <p>Characters of detail and path that PostgreSQL cannot store are replaced by U+FFFD, and the texts are cut off after {@link
     * #MAX_DETAIL_CHARACTERS}; the message itself is kept byte for byte.
     *
     * @return whether it is new
     */
    public boolean refuse(RefusedMessage refused) {
        return database.statement(sql -> Routines.refuse(
                sql.configuration(),
                refused.eventId().orElse(null),
                refused.streamId().orElse(null),
                refused.reason().name(),
                StorableText.replaceUnstorable(refused.detail(), MAX_DETAIL_CHARACTERS),
                StorableText.replaceUnstorable(refused.path(), MAX_DETAIL_CHARACTERS),
                refused.message()));
    }

    private boolean isAnythingPending() {
        return database.statement(sql -> Routines.anythingPending(sql.configuration()));
    }

    private static AppendResult appended(Append append) {
        return result(append.getOutcome(), append.getPosition(), append.getVersion());
    }

    /** What append's outcome means. */
    static AppendResult result(String outcome, long position, int version) {
        return switch (outcome) {
            case "APPENDED" -> new AppendResult.Appended(position, version);
            case "DUPLICATE" -> new AppendResult.Duplicate(position, version);
            default -> throw new IllegalStateException("The append answered " + outcome);
        };
    }

    /** What append's SQLSTATE and its detail mean, if they are about the event; empty for any other failure. */
    static Optional<AppendRefused> refusal(
            NewEvent event, ExpectedVersion expected, String sqlState, String detail, @Nullable DatabaseFailure cause) {
        return switch (sqlState) {
            case CONFLICT -> Optional.of(new EventConflict(event, cause));
            case UNEXPECTED_VERSION ->
                Optional.of(new UnexpectedVersion(event.streamId(), expected, Integer.parseInt(detail), cause));
            default -> Optional.empty();
        };
    }

    static @Nullable Integer lastVersion(ExpectedVersion expected) {
        return switch (expected) {
            case ExpectedVersion.Any() -> null;
            case ExpectedVersion.NoStream() -> 0;
            case ExpectedVersion.Exactly(int version) -> version;
        };
    }

    static JSONB json(ObjectNode node) {
        return JSONB.jsonb(node.toString());
    }
}
