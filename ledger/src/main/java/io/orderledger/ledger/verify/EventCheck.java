package io.orderledger.ledger.verify;

import io.orderledger.ledger.tree.Hashes;
import io.orderledger.ledger.verify.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks one event's row: its digest, its predecessor in its order, its personal data. The envelope is written down here a second time, apart
 * from the function that the ledger is appended with. Not thread-safe.
 */
final class EventCheck {
    /** What {@link #check} needs of an event {@code e}, of the order's previous event and of the personal data, in this order. */
    static final String FIELDS = """
            e.position, e.event_id, e.stream_id, e.version, e.schema_version, e.occurred_at, e.recorded_at, e.type, e.payload,
            e.metadata, e.personal_digest, e.digest, previous.digest, previous.position, personal.salt, personal.data,
            case when e.personal_digest is not null and personal.salt is null then exists (
                select from ledger.event x
                where x.stream_id = e.stream_id and x.version > e.version and x.type = 'PersonalDataErased') end""";

    /** By lateral with a limit: whatever the statistics say, it is one look into an index, and none for an order's first event. */
    private static final String PREVIOUS = """
            left join lateral (
                select x.digest, x.position from ledger.event x
                where e.version > 1 and x.stream_id = e.stream_id and x.version = e.version - 1 limit 1) previous on true
            """;

    /** Joins what belongs to each of a few events {@code e}: one look into an index each. */
    static final String JOINS = PREVIOUS + """
            left join lateral (
                select d.salt, d.data from ledger.personal_data d where d.position = e.position limit 1) personal on true""";

    /** Joins what belongs to the events {@code e} of a range of positions: personal data is read beside them, in the same order. */
    static final String JOINS_OF_RANGE = PREVIOUS + """
            left join (
                select d.position, d.salt, d.data from ledger.personal_data d
                where d.position > %1$d and d.position <= %2$d) personal on personal.position = e.position""";

    /** How many fields {@link #FIELDS} has. */
    static final int FIELD_COUNT = 17;

    static final int POSITION = 0;
    static final int RECORDED_AT = 6;
    static final int DIGEST = 11;

    private static final int VERSION = 3;
    private static final int TYPE = 7;
    private static final int PAYLOAD = 8;
    private static final int METADATA = 9;
    private static final int PERSONAL_DIGEST = 10;
    private static final int PREVIOUS_DIGEST = 12;
    private static final int PREVIOUS_POSITION = 13;
    private static final int SALT = 14;
    private static final int PERSONAL_DATA = 15;
    private static final int ERASED = 16;

    private static final byte[] TAG = "order-ledger event 1".getBytes(StandardCharsets.UTF_8);
    /** Binary jsonb begins with a version, which is no part of its text. */
    private static final int JSONB_VERSION_LENGTH = 1;

    private static final int FIXED_LENGTH = TAG.length + 8 + 16 + 16 + 4 + 2 + 8 + 8;
    private static final int LENGTH = FIXED_LENGTH + 5 * Hashes.LENGTH;

    private final Hashes hashes = new Hashes();
    private final byte[] envelope = Arrays.copyOf(TAG, LENGTH);
    private final byte[] computed = new byte[Hashes.LENGTH];

    /** What does not fit in the row's event; null if everything does. */
    @Nullable
    Finding check(CopyRows row, OptionalLong height) {
        boolean isFirst = row.getInt(VERSION) == 1;
        if (!isFirst && row.isNull(PREVIOUS_DIGEST)) {
            return finding(
                    Kind.VERSION, row, height, "the order's version " + (row.getInt(VERSION) - 1) + " is missing");
        }
        if (!isFirst && row.getLong(PREVIOUS_POSITION) >= row.getLong(POSITION)) {
            return finding(Kind.VERSION, row, height, "the order's previous version comes after it");
        }
        computeDigest(row);
        if (!equalsField(computed, row, DIGEST)) {
            return finding(
                    Kind.EVENT,
                    row,
                    height,
                    "its fields and the digest of the order's previous event do not give its digest");
        }
        return checkPersonalData(row, height);
    }

    private void computeDigest(CopyRows row) {
        byte[] source = row.bytes();
        int at = TAG.length;
        for (int field = POSITION; field <= RECORDED_AT; field++) {
            System.arraycopy(source, row.offset(field), envelope, at, row.length(field));
            at += row.length(field);
        }
        hashes.sha256(source, row.offset(TYPE), row.length(TYPE), envelope, at);
        at += Hashes.LENGTH;
        for (int field = PAYLOAD; field <= METADATA; field++) {
            hashes.sha256(
                    source,
                    row.offset(field) + JSONB_VERSION_LENGTH,
                    row.length(field) - JSONB_VERSION_LENGTH,
                    envelope,
                    at);
            at += Hashes.LENGTH;
        }
        at = putDigest(row, PERSONAL_DIGEST, at);
        putDigest(row, PREVIOUS_DIGEST, at);
        hashes.leaf(envelope, 0, LENGTH, computed, 0);
    }

    private int putDigest(CopyRows row, int field, int at) {
        if (row.isNull(field)) {
            Arrays.fill(envelope, at, at + Hashes.LENGTH, (byte) 0);
        } else {
            System.arraycopy(row.bytes(), row.offset(field), envelope, at, Hashes.LENGTH);
        }
        return at + Hashes.LENGTH;
    }

    private @Nullable Finding checkPersonalData(CopyRows row, OptionalLong height) {
        boolean came = !row.isNull(PERSONAL_DIGEST);
        boolean there = !row.isNull(SALT);
        if (came && !there) {
            return row.getBoolean(ERASED)
                    ? null
                    : finding(
                            Kind.PERSONAL_DATA,
                            row,
                            height,
                            "its personal data is gone, and no PersonalDataErased follows in the order");
        }
        if (!came && there) {
            return finding(Kind.PERSONAL_DATA, row, height, "it came without personal data, and there is some");
        }
        if (there) {
            byte[] salted = new byte[row.length(SALT) + row.length(PERSONAL_DATA) - JSONB_VERSION_LENGTH];
            System.arraycopy(row.bytes(), row.offset(SALT), salted, 0, row.length(SALT));
            System.arraycopy(
                    row.bytes(),
                    row.offset(PERSONAL_DATA) + JSONB_VERSION_LENGTH,
                    salted,
                    row.length(SALT),
                    salted.length - row.length(SALT));
            hashes.sha256(salted, 0, salted.length, computed, 0);
            if (!equalsField(computed, row, PERSONAL_DIGEST)) {
                return finding(
                        Kind.PERSONAL_DATA, row, height, "salt and personal data do not give its personal digest");
            }
        }
        return null;
    }

    private static boolean equalsField(byte[] digest, CopyRows row, int field) {
        int from = row.offset(field);
        return Arrays.equals(digest, 0, Hashes.LENGTH, row.bytes(), from, from + row.length(field));
    }

    private static Finding finding(Kind kind, CopyRows row, OptionalLong height, String explanation) {
        return new Finding(kind, height, OptionalLong.of(row.getLong(POSITION)), explanation);
    }
}
