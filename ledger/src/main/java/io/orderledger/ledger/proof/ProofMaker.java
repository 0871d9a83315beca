package io.orderledger.ledger.proof;

import static io.orderledger.db.tables.ledger.Tables.EVENT;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.db.tables.ledger.tables.Event;
import io.orderledger.ledger.Database;
import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.heads.VerifierKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes proofs that {@link ProofCheck} checks: an event's fields, its path to the root of the newest exported head, and that head. A proof
 * discloses the event without its personal data. As it holds the digest of the order's previous event, it also fixes the order's earlier
 * events. Thread-safe.
 */
public final class ProofMaker {
    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final HeadStore store;
    private final VerifierKey key;

    /**
     * Uses a database and its exported heads.
     *
     * @param dataSource connects as {@code ledger_auditor} or {@code ledger_reader}
     */
    public ProofMaker(DataSource dataSource, HeadStore store, VerifierKey key) {
        this.database = new Database(dataSource);
        this.store = store;
        this.key = key;
    }

    /**
     * The proof of an event as JSON.
     *
     * @throws NotProvable if there is no such event, or no exported head covers it yet
     * @throws io.orderledger.ledger.heads.UnusableHead if the newest exported head is not one of the key
     */
    public String prove(UUID eventId) {
        Record event = database.statement(sql ->
                        sql.selectFrom(EVENT).where(EVENT.EVENT_ID.eq(eventId)).fetchOptional())
                .orElseThrow(() -> new NotProvable(eventId, "is not in the ledger"));
        Long leafIndex = database.statement(sql -> Routines.leafIndex(sql.configuration(), event.get(EVENT.POSITION)));
        long size = store.newest().orElse(0);
        if (leafIndex == null || leafIndex >= size) {
            throw new NotProvable(eventId, "is in no exported tree head yet; try again after the next export");
        }
        String note = store.get(size);
        TreeHead head = key.open(note);
        byte[][] path = database.statement(sql -> Routines.inclusionPath(sql.configuration(), leafIndex, head.size()));
        ObjectNode proof = JSON.createObjectNode().put("format", ProofCheck.FORMAT);
        proof.set("event", fields(event));
        proof.put(
                        "previousDigest",
                        previousDigest(event).map(HexFormat.of()::formatHex).orElse(null))
                .put("leafIndex", leafIndex.longValue());
        ArrayNode siblings = proof.putArray("path");
        for (byte[] sibling : path) {
            siblings.add(hex(sibling));
        }
        return proof.put("head", note).toPrettyString() + "\n";
    }

    private Optional<byte[]> previousDigest(Record event) {
        Event previous = EVENT.as("previous");
        return database.statement(sql -> sql.select(previous.DIGEST)
                .from(previous)
                .where(previous.STREAM_ID.eq(event.get(EVENT.STREAM_ID)))
                .and(previous.VERSION.eq(event.get(EVENT.VERSION) - 1))
                .fetchOptional(previous.DIGEST));
    }

    /** JSON is given as the text that PostgreSQL stores, since that is what was hashed. */
    private static ObjectNode fields(Record event) {
        return JSON.createObjectNode()
                .put("position", event.get(EVENT.POSITION))
                .put("eventId", event.get(EVENT.EVENT_ID).toString())
                .put("orderId", event.get(EVENT.STREAM_ID).toString())
                .put("version", event.get(EVENT.VERSION))
                .put("type", event.get(EVENT.TYPE))
                .put("schemaVersion", event.get(EVENT.SCHEMA_VERSION))
                .put("payload", event.get(EVENT.PAYLOAD).data())
                .put("metadata", event.get(EVENT.METADATA).data())
                .put("personalDigest", hex(event.get(EVENT.PERSONAL_DIGEST)))
                .put("occurredAt", event.get(EVENT.OCCURRED_AT).toString())
                .put("recordedAt", event.get(EVENT.RECORDED_AT).toString());
    }

    private static @Nullable String hex(byte @Nullable [] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }
}
