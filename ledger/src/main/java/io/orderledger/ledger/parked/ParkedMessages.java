package io.orderledger.ledger.parked;

import static io.orderledger.db.tables.ledger.Tables.PARKED;
import static io.orderledger.db.tables.ledger.Tables.PARKED_ACTION;
import static io.orderledger.db.tables.ledger.Tables.REFUSED;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.tables.records.ParkedRecord;
import io.orderledger.ledger.Database;
import io.orderledger.ledger.LedgerFault;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.RefusedMessage;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * The parked messages: which there are, what is in one, and what was done about them. Reading them a page at a time by {@link #list} is
 * repeatable and misses none that was there when it began.
 *
 * <p>Thread-safe if the data source is, which connects as {@code ledger_replayer}. Each method throws {@link LedgerUnavailable} when the
 * database cannot do it now, and can be called again.
 */
public final class ParkedMessages {
    /** What one call of {@link #list} gives at most. */
    public static final int MAX_PAGE = 1_000;

    /** How few digits of an ID may stand for it. */
    public static final int MIN_PREFIX_DIGITS = 8;

    /** How long the name of whoever acts may be, in characters. */
    public static final int MAX_ACTOR_CHARACTERS = 200;

    /** How long a reason may be, in characters. */
    public static final int MAX_REASON_CHARACTERS = 1_000;

    private static final int ID_DIGITS = 64;
    private static final Field<Instant> REQUESTED_OR_REFUSED = coalesce(PARKED.REQUESTED_AT, PARKED.REFUSED_AT);

    private final Database database;

    public ParkedMessages(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /** How many messages are meant, by reason and state. */
    public Map<Group, Long> count(ParkedQuery query) {
        return database.statement(sql -> sql.select(PARKED.REASON, PARKED.STATE, DSL.count())
                .from(PARKED)
                .where(admitted(query))
                .groupBy(PARKED.REASON, PARKED.STATE)
                .orderBy(PARKED.REASON, PARKED.STATE)
                .fetch()
                .intoMap(
                        found -> new Group(
                                RefusedMessage.Reason.valueOf(found.value1()), ParkedState.valueOf(found.value2())),
                        found -> (long) found.value3()));
    }

    /** Messages that are counted together. */
    public record Group(RefusedMessage.Reason reason, ParkedState state) {}

    /**
     * The messages that are meant, in the order in which they were refused.
     *
     * @param after the last message of the page before; empty for the first page
     * @param limit at most {@link #MAX_PAGE}
     */
    public List<ParkedMessage> list(ParkedQuery query, Optional<MessageId> after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has from 1 to " + MAX_PAGE + " messages");
        }
        return database.statement(sql -> {
            Condition beyond = after.<Condition>map(id -> row(PARKED.REFUSED_AT, PARKED.MESSAGE_DIGEST)
                            .gt(sql.select(REFUSED.REFUSED_AT, REFUSED.MESSAGE_DIGEST)
                                    .from(REFUSED)
                                    .where(REFUSED.MESSAGE_DIGEST.eq(id.digest()))))
                    .orElse(noCondition());
            return sql.selectFrom(PARKED)
                    .where(admitted(query))
                    .and(beyond)
                    .orderBy(PARKED.REFUSED_AT, PARKED.MESSAGE_DIGEST)
                    .limit(limit)
                    .fetch(ParkedMessages::message);
        });
    }

    /**
     * The message with this ID, or with an ID that begins so.
     *
     * @param idOrPrefix from {@link #MIN_PREFIX_DIGITS} to 64 hexadecimal digits
     * @return none, one, or two where it is not clear which one is meant
     * @throws IllegalArgumentException if it is no such text
     */
    public List<ParkedMessage> find(String idOrPrefix) {
        int missing = ID_DIGITS - idOrPrefix.length();
        if (missing < 0 || idOrPrefix.length() < MIN_PREFIX_DIGITS) {
            throw new IllegalArgumentException(
                    "an ID is from " + MIN_PREFIX_DIGITS + " to " + ID_DIGITS + " hexadecimal digits");
        }
        byte[] lowest = HexFormat.of().parseHex(idOrPrefix + "0".repeat(missing));
        byte[] highest = HexFormat.of().parseHex(idOrPrefix + "f".repeat(missing));
        return database.statement(sql -> sql.selectFrom(PARKED)
                .where(PARKED.MESSAGE_DIGEST.between(lowest, highest))
                .orderBy(PARKED.MESSAGE_DIGEST)
                .limit(2)
                .fetch(ParkedMessages::message));
    }

    /** A message as it came, byte for byte; it may hold personal data. Empty if there is no such message, or its content is erased. */
    public Optional<byte[]> content(MessageId id) {
        return database.statement(sql -> sql.select(REFUSED.MESSAGE)
                .from(REFUSED)
                .where(REFUSED.MESSAGE_DIGEST.eq(id.digest()))
                .fetchOptional(REFUSED.MESSAGE));
    }

    /** What was done about a message, the latest last. */
    public List<ParkedAction> actions(MessageId id) {
        return database.statement(sql -> sql.selectFrom(PARKED_ACTION)
                .where(PARKED_ACTION.MESSAGE_DIGEST.eq(id.digest()))
                .orderBy(PARKED_ACTION.ACTION)
                .fetch(found -> new ParkedAction(
                        ParkedOutcome.valueOf(found.getOutcome()),
                        found.getDetail(),
                        found.getActor(),
                        found.getReason(),
                        found.getActedAt())));
    }

    /**
     * Notes what came of an attempt, or that a message is dropped. The note can never be changed or removed.
     *
     * @param actor who does it; not blank, at most {@link #MAX_ACTOR_CHARACTERS}
     * @param reason why; not blank, at most {@link #MAX_REASON_CHARACTERS}; no customer belongs here
     * @return false, and nothing is noted, if the message does not wait for a decision any more
     * @throws LedgerFault if there is no such message, or actor or reason are not what they must be
     */
    public boolean note(MessageId id, ParkedOutcome outcome, String detail, String actor, String reason) {
        return database.statement(sql ->
                Routines.noteParkedAction(sql.configuration(), id.digest(), outcome.name(), detail, actor, reason));
    }

    private static Condition admitted(ParkedQuery query) {
        Condition reasons = query.reasons().isEmpty()
                ? noCondition()
                : PARKED.REASON.in(query.reasons().stream().map(Enum::name).toList());
        Condition states = query.states().isEmpty()
                ? noCondition()
                : PARKED.STATE.in(query.states().stream().map(Enum::name).toList());
        return reasons.and(states)
                .and(query.since().<Condition>map(REQUESTED_OR_REFUSED::ge).orElse(noCondition()))
                .and(query.until().<Condition>map(REQUESTED_OR_REFUSED::lt).orElse(noCondition()));
    }

    private static ParkedMessage message(ParkedRecord found) {
        return new ParkedMessage(
                new MessageId(found.getMessageDigest()),
                Optional.ofNullable(found.getEventId()),
                Optional.ofNullable(found.getStreamId()),
                RefusedMessage.Reason.valueOf(found.getReason()),
                found.getDetail(),
                found.getPath(),
                Optional.ofNullable(found.getRequestedAt()),
                found.getRefusedAt(),
                Optional.ofNullable(found.getErasedAt()),
                ParkedState.valueOf(found.getState()));
    }
}
