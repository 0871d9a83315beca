package io.orderledger.ledger;

import static io.orderledger.ledger.TestEvents.ANY;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Computes digests from what the tables say and from the documented envelope, without the functions that made them. */
class DigestIT {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final byte[] NONE = new byte[32];

    @Test
    void digest_covers_the_documented_envelope_and_the_previous_digest() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create()) {
            Ledger ledger = new Ledger(database.as("ledger_writer"));
            UUID order = UUID.randomUUID();
            ledger.append(TestEvents.placingOf(order), ANY);
            ledger.append(TestEvents.placing(), ANY);
            ledger.append(TestEvents.cancellationOf(order), ANY);
            ledger.append(TestEvents.placingOf(order), ANY);

            List<Row> rows = rows(database.asSuperuser(), order);

            assertThat(rows).hasSize(3);
            byte[] previous = NONE;
            for (Row row : rows) {
                assertThat(row.digest()).isEqualTo(row.expected(previous));
                previous = row.digest();
            }
        }
    }

    @Test
    void digest_does_not_depend_on_the_settings_of_a_session() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create();
                OneConnection connection = new OneConnection(database.as("ledger_writer"))) {
            try (Statement statement = connection.connection().createStatement()) {
                statement.execute("set bytea_output = 'escape'");
                statement.execute("set timezone = 'Asia/Kathmandu'");
                statement.execute("set datestyle = 'ISO, DMY'");
                statement.execute("set intervalstyle = 'iso_8601'");
                statement.execute("set standard_conforming_strings = off");
                statement.execute("set extra_float_digits = 0");
            }
            NewEvent event = TestEvents.placing();

            new Ledger(connection.dataSource()).append(event, ANY);

            Row row = rows(database.asSuperuser(), event.streamId()).getFirst();
            assertThat(row.digest()).isEqualTo(row.expected(NONE));
        }
    }

    @Test
    void auditors_recompute_digests_whatever_their_settings() throws Exception {
        try (TemporaryDatabase database = TemporaryDatabase.create()) {
            NewEvent event = TestEvents.placing();
            new Ledger(database.as("ledger_writer")).append(event, ANY);
            try (Connection connection = database.as("ledger_auditor").getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("set search_path = ''");
                statement.execute("set bytea_output = 'escape'");
                statement.execute("set timezone = 'Pacific/Chatham'");

                assertThat(Sql.list(connection, Boolean.class, """
                                select digest operator(pg_catalog.=) ledger.event_digest(
                                    position, event_id, stream_id, version, type, schema_version, payload, personal_digest,
                                    metadata, occurred_at, recorded_at, null)
                                from ledger.event""")).containsExactly(true);
            }
        }
    }

    private static List<Row> rows(DataSource dataSource, UUID order) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        select position, event_id, stream_id, version, type, schema_version, payload::text, personal_digest,
                            metadata::text, occurred_at, recorded_at, digest
                        from ledger.event where stream_id = ? order by version""")) {
            statement.setObject(1, order);
            try (ResultSet row = statement.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    rows.add(new Row(
                            row.getLong(1),
                            row.getObject(2, UUID.class),
                            row.getObject(3, UUID.class),
                            row.getInt(4),
                            row.getString(5),
                            row.getShort(6),
                            row.getString(7),
                            row.getBytes(8),
                            row.getString(9),
                            row.getObject(10, OffsetDateTime.class).toInstant(),
                            row.getObject(11, OffsetDateTime.class).toInstant(),
                            row.getBytes(12)));
                }
                return rows;
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared byte by byte, never as records
    private record Row(
            long position,
            UUID eventId,
            UUID streamId,
            int version,
            String type,
            short schemaVersion,
            String payload,
            byte @Nullable [] personalDigest,
            String metadata,
            Instant occurredAt,
            Instant recordedAt,
            byte[] digest) {
        byte[] expected(byte[] previous) {
            byte[] tag = utf8("order-ledger event 1");
            ByteBuffer leaf = ByteBuffer.allocate(1 + tag.length + 8 + 16 + 16 + 4 + 2 + 8 + 8 + 5 * 32)
                    .put((byte) 0)
                    .put(tag)
                    .putLong(position)
                    .putLong(eventId.getMostSignificantBits())
                    .putLong(eventId.getLeastSignificantBits())
                    .putLong(streamId.getMostSignificantBits())
                    .putLong(streamId.getLeastSignificantBits())
                    .putInt(version)
                    .putShort(schemaVersion)
                    .putLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, occurredAt))
                    .putLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, recordedAt))
                    .put(sha256(utf8(type)))
                    .put(sha256(utf8(payload)))
                    .put(sha256(utf8(metadata)))
                    .put(personalDigest == null ? NONE : personalDigest)
                    .put(previous);
            assertThat(leaf.remaining()).isZero();
            return sha256(leaf.array());
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] sha256(byte[] bytes) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}
