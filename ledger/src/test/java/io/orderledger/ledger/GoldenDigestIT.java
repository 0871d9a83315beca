package io.orderledger.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fixed fields have fixed digests. The values were computed from the documented envelope by a program in another language. Released
 * ledgers hold such digests and signed heads over them: when one of these tests fails, the change is wrong and not the value. A new
 * form of the envelope gets a new tag, beside this one.
 */
class GoldenDigestIT {
    private static final String PERSONAL = "ce2854c2d66123fe67def74a4c80950811b40dc2dfb3d6e389abb1ec62910eb7";
    private static final String PLACED = "c10ecd38e51e624452743504a4bf9e240810e193534293145889df698e45b610";
    private static final String CANCELLED = "2140dd21dc3cb6d934690424ff2f3428e793d19e47c1e896f914b29cda5d772f";
    private static final String BLOCK = "1a9c86119116e2659427d23cbbc45db2557284e0c80e522fdbf24bd26c2f54fc";
    private static final String BLOCK_WITHOUT_LATE_EVENTS =
            "bdb63402731b98bc44482be748f74a550fda1ac7ab364d1cc094b6e0641c2a63";

    private static TemporaryDatabase database;

    @BeforeAll
    static void open() {
        database = TemporaryDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void personal_data() throws SQLException {
        assertThat(hex("""
                        ledger.personal_digest(
                            decode('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex'),
                            '{"customer":{"name":"Lee O’Brien"},"notes":"ring twice"}')""")).isEqualTo(PERSONAL);
    }

    @Test
    void an_orders_first_event_with_personal_data() throws SQLException {
        assertThat(hex("""
                        ledger.event_digest(41, '8e03978e-40d5-43e8-bc93-6894a57f9324', '0b9a1f4e-6a38-4d0a-9c3d-1d5a7e1f2a3b', 1,
                            'OrderPlaced', 2::smallint,
                            '{"customer":{"id":"lee"},"channel":"APP","currency":"GBP",
                              "items":[{"sku":"margherita","quantity":2,"unitPrice":950}]}',
                            decode('%s', 'hex'), '{"requestId":"r-é-1","path":"POST /orders"}',
                            '2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:01.654321Z', null)""".formatted(PERSONAL))).isEqualTo(PLACED);
    }

    @Test
    void an_orders_next_event_without_personal_data() throws SQLException {
        assertThat(hex("""
                        ledger.event_digest(9007199254740993, '4fb2b4b0-7f7c-4d8a-9a55-0c4f4b2e6c11',
                            '0b9a1f4e-6a38-4d0a-9c3d-1d5a7e1f2a3b', 2, 'OrderCancelled', 1::smallint, '{}', null, '{}',
                            '1999-12-31T23:59:59.999999Z', '2026-03-02T00:00:00Z', decode('%s', 'hex'))""".formatted(PLACED))).isEqualTo(CANCELLED);
    }

    @Test
    void a_block_with_late_events_and_one_without() throws SQLException {
        assertThat(hex("ledger.block_digest(7, 9007199254740993, 2, '2026-03-02T00:00:01Z', array[41, 12]::bigint[])"))
                .isEqualTo(BLOCK);
        assertThat(hex("ledger.block_digest(8, 9007199254740994, 1, '2026-03-02T00:00:02Z', null)"))
                .isEqualTo(BLOCK_WITHOUT_LATE_EVENTS);
    }

    private static String hex(String digest) throws SQLException {
        return Sql.one(database.as("ledger_auditor"), String.class, "select encode(" + digest + ", 'hex')");
    }
}
