package io.orderledger.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.db.embedded.TemporaryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree in the database is the one of RFC 6962 over the documented leaves. */
class TreeIT {
    private static final int SMALL = 300;
    private static final int LARGE = 100_000;
    private static final int LARGE_SAMPLES = 150;
    private static final long SEED = 6962;

    @Test
    void small_trees_have_the_roots_and_proofs_of_the_rfc() throws Exception {
        Random random = new Random(SEED);
        try (SealedLedger ledger = new SealedLedger()) {
            while (ledger.leaves().size() < SMALL) {
                ledger.append(1 + random.nextInt(12), random.nextInt(2));
                ledger.seal(1 + random.nextInt(5));
                if (random.nextInt(10) == 0) {
                    ledger.appendLate();
                }
            }
            ReferenceTree reference = new ReferenceTree(ledger.leaves());
            for (int size = 1; size <= SMALL; size++) {
                assertThat(ledger.digest("select ledger.tree_root(?)", (long) size))
                        .as("root of size %d", size)
                        .isEqualTo(reference.root(size));
                for (int other : List.of(0, size - 1, size / 2, random.nextInt(size), random.nextInt(size))) {
                    assertProofs(ledger, reference, other, size);
                }
            }
        }
    }

    @Test
    void blocks_have_the_roots_of_the_rfc_whatever_their_sizes() throws Exception {
        Random random = new Random(SEED);
        try (SealedLedger ledger = new SealedLedger()) {
            for (int maxEvents :
                    new int[] {1, 1, 1, 2, 2, 3, 100, 1, 254, 255, 256, 257, 1_000, 1, 510, 511, 512, 100, 1}) {
                ledger.append(maxEvents, 0);
                ledger.seal(maxEvents);
            }
            for (int i = 0; i < 40; i++) {
                ledger.append(20, 3);
                ledger.seal(1 + random.nextInt(15));
                if (i % 4 == 0) {
                    ledger.appendLate();
                }
            }
            assertThat(ledger.longs("select count(*) from ledger.late").getFirst())
                    .isPositive();
            assertBlocks(ledger);
        }
    }

    @Test
    void large_trees_have_the_roots_and_proofs_of_the_rfc() throws Exception {
        Random random = new Random(SEED);
        try (SealedLedger ledger = new SealedLedger()) {
            while (ledger.leaves().size() < LARGE) {
                ledger.append(2_000, 20);
                ledger.seal(100 + random.nextInt(900));
                ledger.seal(100 + random.nextInt(900));
                if (random.nextInt(10) == 0) {
                    ledger.appendLate();
                }
            }
            ledger.execute("analyze");
            assertBlocks(ledger);
            ReferenceTree reference = new ReferenceTree(ledger.leaves());
            for (int i = 0; i < LARGE_SAMPLES; i++) {
                int size = 1 + random.nextInt(LARGE);
                assertThat(ledger.digest("select ledger.tree_root(?)", (long) size))
                        .isEqualTo(reference.root(size));
                assertProofs(ledger, reference, random.nextInt(size), size);
            }
            for (int size : new int[] {255, 256, 257, 65_535, 65_536, 65_537, 65_536 + 256}) {
                for (int other : new int[] {0, 1, 127, 254, size - 1}) {
                    assertProofs(ledger, reference, other, size);
                }
            }
        }
    }

    @Test
    void a_tree_grown_leaf_by_leaf_has_every_root_of_the_rfc() throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            ledger.append(SMALL, 0);
            ledger.seal(SMALL);
            ReferenceTree reference = new ReferenceTree(ledger.leaves());
            byte[] frontier = new byte[0];
            ledger.execute("alter table ledger.tree_node disable trigger all");
            ledger.execute("truncate ledger.tree_node");
            for (int size = 0; size < SMALL; size++) {
                byte[] both = ledger.digest(
                        "select root || frontier from ledger.extend_tree(?, ?, ?)",
                        (long) size,
                        frontier,
                        ledger.leaves().get(size));
                frontier = Arrays.copyOfRange(both, 32, both.length);
                assertThat(Arrays.copyOf(both, 32)).isEqualTo(reference.root(size + 1));
            }
        }
    }

    @Test
    void an_events_leaf_is_where_its_block_puts_it() throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            for (int i = 0; i < 12; i++) {
                ledger.append(10, 2);
                ledger.seal(6);
                ledger.appendLate();
            }
            List<Long> sealed =
                    ledger.longs("select position from ledger.event except select position from ledger.pending");
            assertThat(sealed).hasSizeGreaterThan(50);
            assertThat(ledger.longs("select count(*) from ledger.late").getFirst())
                    .isPositive();
            for (long position : sealed) {
                long index = ledger.longs("select ledger.leaf_index(" + position + ")")
                        .getFirst();
                assertThat(ledger.leaves().get((int) index))
                        .isEqualTo(ledger.digest("select digest from ledger.event where position = ?", position));
            }
            assertThat(ledger.longs("select count(ledger.leaf_index(position)) from ledger.pending"))
                    .containsExactly(0L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ledger.tree_root(0)",
                "select ledger.tree_root(4)",
                "select ledger.tree_root(null)",
                "select ledger.inclusion_path(3, 3)",
                "select ledger.inclusion_path(-1, 3)",
                "select ledger.inclusion_path(null, 3)",
                "select ledger.inclusion_path(0, 4)",
                "select ledger.consistency_path(0, 3)",
                "select ledger.consistency_path(3, 2)",
                "select ledger.consistency_path(1, 4)"
            })
    void refuses_what_is_not_in_the_tree(String question) throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            ledger.append(2, 0);
            ledger.seal(2);

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> ledger.execute(question))
                    .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("22023"));
        }
    }

    @Test
    void names_the_loss_when_leaves_are_gone() throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            ledger.append(10, 0);
            ledger.seal(10);
            ledger.execute("alter table ledger.event disable trigger all");
            ledger.execute("delete from ledger.event where position = (select max(position) from ledger.event)");

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> ledger.execute("select ledger.tree_root(11)"))
                    .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("OL004"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger_auditor", "ledger_reader"})
    void those_who_read_the_ledger_get_proofs(String role) throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            ledger.append(3, 0);
            ledger.seal(3);
            TemporaryDatabase database = ledger.database();
            try (Connection connection = database.as(role).getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(
                                statement.execute(
                                        "select ledger.tree_root(4), ledger.inclusion_path(ledger.leaf_index(1), 4), ledger.consistency_path(1, 4)"))
                        .isTrue();
                assertThat(statement.execute("select name, incarnation from ledger.identity, ledger.tree_node"))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger.tree_node set digest = sha256('')",
                "delete from ledger.tree_node",
                "truncate ledger.tree_node",
                "update ledger.identity set incarnation = gen_random_uuid()",
                "delete from ledger.identity",
                "truncate ledger.identity"
            })
    void the_cache_and_the_identity_never_change(String change) throws Exception {
        try (SealedLedger ledger = new SealedLedger()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> ledger.execute(change))
                    .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("OL003"));
        }
    }

    private static void assertBlocks(SealedLedger ledger) throws SQLException {
        ReferenceTree reference = new ReferenceTree(ledger.leaves());
        List<Long> sizes = ledger.longs("select tree_size from ledger.block order by height");
        assertThat(sizes.getLast()).isEqualTo(reference.size());
        for (long size : sizes) {
            assertThat(ledger.digest("select root from ledger.block where tree_size = ?", size))
                    .as("root of size %d", size)
                    .isEqualTo(reference.root((int) size));
        }
    }

    private static void assertProofs(SealedLedger ledger, ReferenceTree reference, int other, int size)
            throws SQLException {
        assertThat(ledger.path("inclusion_path", other, size))
                .usingElementComparator(Arrays::compare)
                .as("inclusion of leaf %d in size %d", other, size)
                .containsExactlyElementsOf(reference.inclusionPath(other, size));
        assertThat(ledger.path("consistency_path", other + 1, size))
                .usingElementComparator(Arrays::compare)
                .as("consistency of sizes %d and %d", other + 1, size)
                .containsExactlyElementsOf(reference.consistencyPath(other + 1, size));
    }
}
