package io.orderledger.ledger;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.EVENT;
import static io.orderledger.db.tables.ledger.Tables.LATE;
import static io.orderledger.db.tables.ledger.Tables.PENDING;
import static io.orderledger.db.tables.ledger.Tables.PERSONAL_DATA;
import static io.orderledger.db.tables.ledger.Tables.REFUSED;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;

/** Reads one stream's events, personal data and blocks in one statement, hence in one snapshot; and what became of one event ID. */
final class History {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** The block of an event by the visibility rule: the lowest height at which the event is visible. */
    private static final Field<Long> SEALED_IN = when(
                    PENDING.POSITION.isNull(), coalesce(LATE.HEIGHT, firstBlockThatReaches()))
            .as("sealed_in");

    private final Database database;

    History(Database database) {
        this.database = database;
    }

    List<RecordedEvent> of(UUID streamId) {
        return database.statement(sql -> sql.select(EVENT.fields())
                .select(PERSONAL_DATA.DATA, SEALED_IN)
                .from(EVENT)
                .leftJoin(PERSONAL_DATA)
                .on(PERSONAL_DATA.POSITION.eq(EVENT.POSITION))
                .leftJoin(PENDING)
                .on(PENDING.POSITION.eq(EVENT.POSITION))
                .leftJoin(LATE)
                .on(LATE.POSITION.eq(EVENT.POSITION))
                .where(EVENT.STREAM_ID.eq(streamId))
                .orderBy(EVENT.VERSION)
                .fetch(History::recorded));
    }

    /** Refusals are looked up first: a message is refused as a conflict only after the event that it is in conflict with was recorded. */
    Fate fate(UUID eventId) {
        List<Fate.Refusal> refusals = database.statement(sql -> sql.select(REFUSED.REASON, REFUSED.REFUSED_AT)
                .from(REFUSED)
                .where(REFUSED.EVENT_ID.eq(eventId))
                .orderBy(REFUSED.REFUSED_AT.desc())
                .limit(Fate.MAX_REFUSALS)
                .fetch(row -> new Fate.Refusal(
                        RefusedMessage.Reason.valueOf(row.get(REFUSED.REASON)), row.get(REFUSED.REFUSED_AT))));
        Optional<Fate.Event> recorded = database.statement(sql -> sql.select(
                        EVENT.STREAM_ID, EVENT.TYPE, EVENT.VERSION, EVENT.POSITION, EVENT.RECORDED_AT, SEALED_IN)
                .from(EVENT)
                .leftJoin(PENDING)
                .on(PENDING.POSITION.eq(EVENT.POSITION))
                .leftJoin(LATE)
                .on(LATE.POSITION.eq(EVENT.POSITION))
                .where(EVENT.EVENT_ID.eq(eventId))
                .fetchOptional(row -> new Fate.Event(
                        row.get(EVENT.STREAM_ID),
                        row.get(EVENT.TYPE),
                        row.get(EVENT.VERSION),
                        row.get(EVENT.POSITION),
                        row.get(EVENT.RECORDED_AT),
                        block(row))));
        return new Fate(recorded, refusals);
    }

    private static OptionalLong block(Record row) {
        Long block = row.get(SEALED_IN);
        return block == null ? OptionalLong.empty() : OptionalLong.of(block);
    }

    private static Field<Long> firstBlockThatReaches() {
        return field(select(BLOCK.HEIGHT)
                .from(BLOCK)
                .where(BLOCK.HIGH.ge(EVENT.POSITION))
                .orderBy(BLOCK.HIGH, BLOCK.HEIGHT)
                .limit(1));
    }

    private static RecordedEvent recorded(Record row) {
        return new RecordedEvent(
                row.get(EVENT.POSITION),
                block(row),
                row.get(EVENT.EVENT_ID),
                row.get(EVENT.STREAM_ID),
                row.get(EVENT.VERSION),
                row.get(EVENT.TYPE),
                row.get(EVENT.SCHEMA_VERSION),
                parsed(row.get(EVENT.PAYLOAD)),
                Optional.ofNullable(row.get(PERSONAL_DATA.DATA)).map(History::parsed),
                parsed(row.get(EVENT.METADATA)),
                row.get(EVENT.OCCURRED_AT),
                row.get(EVENT.RECORDED_AT),
                Digest.of(row.get(EVENT.DIGEST)));
    }

    private static ObjectNode parsed(JSONB json) {
        try {
            return JSON.readValue(json.data(), ObjectNode.class);
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the text.
            throw new IllegalStateException("PostgreSQL returned JSON that Jackson cannot read at "
                    + e.getLocation().offsetDescription());
        }
    }
}
