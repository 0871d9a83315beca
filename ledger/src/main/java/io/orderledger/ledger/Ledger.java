package io.orderledger.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.routines.Append;
import io.orderledger.db.tables.ledger.routines.Seal;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;

/**
 * The event store: append, seal, read.
 *
 * <p>Thread-safe if the data source is. The data source gives connections in autocommit mode at READ COMMITTED; what its role may do
 * decides which methods work: {@code ledger_writer} appends and refuses, {@code ledger_sealer} seals, {@code ledger_reader} reads
 * history, {@code ledger_recorder} appends, refuses and seals.
 *
 * <p>Each method throws {@link LedgerUnavailable} when the database cannot do the work now, and can then be called again with the same
 * arguments, and {@link LedgerFault} when the code or the set-up is wrong.
 */
public final class Ledger {
    /** What one block holds at most, in events: it bounds how long the sealer's lock is held. */
    public static final int MAX_EVENTS_PER_BLOCK = 1_000;

    /** How much of a refusal's explanation is kept, in characters. */
    public static final int MAX_DETAIL_CHARACTERS = 2_000;

    private static final String CONFLICT = "OL001";
    private static final String UNEXPECTED_VERSION = "OL002";

    private final Database database;
    private final History history;

    public Ledger(DataSource dataSource) {
        this.database = new Database(dataSource);
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
            throw switch (failure.sqlState()) {
                case CONFLICT -> new EventConflict(event, failure);
                case UNEXPECTED_VERSION ->
                    new UnexpectedVersion(
                            event.streamId(), expected, Integer.parseInt(failure.serverDetail()), failure);
                default -> Database.translated(failure);
            };
        }
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
        return switch (append.getOutcome()) {
            case "APPENDED" -> new AppendResult.Appended(append.getPosition(), append.getVersion());
            case "DUPLICATE" -> new AppendResult.Duplicate(append.getPosition(), append.getVersion());
            default -> throw new IllegalStateException("ledger.append answered " + append.getOutcome());
        };
    }

    private static @Nullable Integer lastVersion(ExpectedVersion expected) {
        return switch (expected) {
            case ExpectedVersion.Any() -> null;
            case ExpectedVersion.NoStream() -> 0;
            case ExpectedVersion.Exactly(int version) -> version;
        };
    }

    private static JSONB json(ObjectNode node) {
        return JSONB.jsonb(node.toString());
    }
}
