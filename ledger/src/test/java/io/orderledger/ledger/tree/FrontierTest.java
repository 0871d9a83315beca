package io.orderledger.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final int SIZES = 300;

    private final List<byte[]> leaves = leaves();
    private final ReferenceTree reference = new ReferenceTree(leaves);

    @Test
    void has_the_rfcs_root_at_every_size_and_goes_on_from_its_bytes() {
        Frontier tree = new Frontier();
        for (int size = 0; size < SIZES; size++) {
            assertThat(tree.size()).isEqualTo(size);
            assertThat(tree.root()).isEqualTo(reference.root(size));
            tree = new Frontier(size, tree.bytes());
            tree.append(leaves.get(size));
        }
    }

    @Test
    void refuses_a_frontier_that_does_not_go_with_the_size() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Frontier(2, new byte[64]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Frontier(-1, new byte[0]));
    }

    @Test
    void accepts_the_rfcs_consistency_proofs_and_nothing_near_them() {
        for (int second = 1; second <= SIZES; second++) {
            for (int first = 1; first <= second; first += 1 + second / 20) {
                List<byte[]> proof = reference.consistencyPath(first, second);
                byte[] firstRoot = reference.root(first);
                byte[] secondRoot = reference.root(second);

                assertThat(Proofs.isConsistent(first, firstRoot, second, secondRoot, proof))
                        .isTrue();

                assertThat(Proofs.isConsistent(first, other(firstRoot), second, secondRoot, proof))
                        .isFalse();
                assertThat(Proofs.isConsistent(first, firstRoot, second, other(secondRoot), proof))
                        .isFalse();
                List<byte[]> longer = new ArrayList<>(proof);
                longer.add(firstRoot);
                assertThat(Proofs.isConsistent(first, firstRoot, second, secondRoot, longer))
                        .isFalse();
                if (!proof.isEmpty()) {
                    assertThat(Proofs.isConsistent(
                                    first, firstRoot, second, secondRoot, proof.subList(0, proof.size() - 1)))
                            .isFalse();
                    List<byte[]> changed = new ArrayList<>(proof);
                    changed.set(second % proof.size(), other(proof.get(second % proof.size())));
                    assertThat(Proofs.isConsistent(first, firstRoot, second, secondRoot, changed))
                            .isFalse();
                }
            }
        }
    }

    private static byte[] other(byte[] digest) {
        byte[] other = digest.clone();
        other[7] ^= 4;
        return other;
    }

    private static List<byte[]> leaves() {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < SIZES; i++) {
            leaves.add(ReferenceTree.sha256(ByteBuffer.allocate(4).putInt(i).array()));
        }
        return leaves;
    }
}
