package io.orderledger.handlers.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orderledger.ledger.heads.HeadConflict;
import io.orderledger.ledger.heads.VerifierKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds on every implementation of S3. */
class S3HeadStoreIT {
    private static final String SEVEN = "heads/0000000000000000007";
    private static final int WRITERS = 8;

    private LockedBucket bucket;
    private S3HeadStore store;

    @BeforeEach
    void open() {
        bucket = new LockedBucket();
        store = bucket.store();
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    @Test
    void keeps_a_head_once() {
        store.put(7, "one");
        store.put(7, "one");

        assertThat(store.get(7)).isEqualTo("one");
        assertThat(store.sizes()).containsExactly(7);
        assertThat(bucket.versions(SEVEN)).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> store.get(8)).withMessageContaining("size 8");
    }

    @Test
    void refuses_another_head_of_a_size() {
        store.put(7, "one");

        assertThatExceptionOfType(HeadConflict.class).isThrownBy(() -> store.put(7, "another"));
        assertThat(store.get(7)).isEqualTo("one");
        assertThat(bucket.versions(SEVEN)).isEqualTo(1);
    }

    @Test
    void writers_of_the_same_head_agree() throws Exception {
        List<String> refused = atOnce(writer -> "one");

        assertThat(refused).isEmpty();
        assertThat(bucket.versions(SEVEN)).isEqualTo(1);
    }

    @Test
    void one_of_several_writers_of_different_heads_wins() throws Exception {
        List<String> refused = atOnce(writer -> "head of writer " + writer);

        assertThat(refused).hasSize(WRITERS - 1).doesNotContain(store.get(7));
        assertThat(bucket.versions(SEVEN)).isEqualTo(1);
    }

    @Test
    void a_deleted_head_still_counts() {
        store.put(3, "three");
        store.put(7, "one");
        bucket.delete(SEVEN);

        S3HeadStore cold = bucket.store();

        assertThat(cold.newest()).hasValue(7);
        assertThat(cold.sizes()).containsExactly(3, 7);
        assertThat(cold.get(7)).isEqualTo("one");
        assertThatExceptionOfType(HeadConflict.class).isThrownBy(() -> cold.put(7, "another"));
        cold.put(7, "one");
        assertThat(bucket.versions(SEVEN)).as("a version and the marker").isEqualTo(2);
    }

    @Test
    void an_overwritten_head_counts_as_it_was_written_first() {
        store.put(7, "one");
        bucket.overwrite(SEVEN, "another");
        bucket.overwrite(SEVEN, "a third");

        assertThat(store.get(7)).isEqualTo("one");
        assertThat(store.sizes()).containsExactly(7);
        assertThatExceptionOfType(HeadConflict.class).isThrownBy(() -> store.put(7, "a third"));
    }

    @Test
    void the_newest_head_is_found_and_then_followed_with_one_call() {
        assertThat(store.newest()).isEmpty();
        store.put(9, "nine");
        store.put(100, "hundred");
        assertThat(store.newest()).hasValue(100);
        bucket.calls();

        bucket.store().put(1_000_000_007, "from elsewhere");

        bucket.calls();
        assertThat(store.newest()).hasValue(1_000_000_007);
        assertThat(bucket.calls()).containsExactly("ListObjectVersions");
        assertThat(store.newest()).hasValue(1_000_000_007);
        assertThat(bucket.calls()).containsExactly("ListObjectVersions");
    }

    @Test
    void other_objects_are_left_alone() {
        bucket.overwrite("heads-of-others/0000000000000000009", "not ours");
        bucket.overwrite("heads/9999999999999999999", "no size");
        bucket.overwrite("heads/notes.txt", "no head");
        bucket.overwrite("headr", "before all");

        assertThat(store.newest()).isEmpty();
        assertThat(store.sizes()).isEmpty();
        store.put(7, "one");
        assertThat(store.newest()).hasValue(7);
        assertThat(store.sizes()).containsExactly(7);
    }

    @Test
    void the_verifier_key_is_published_once_and_never_another_one() {
        VerifierKey key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        store.put(7, "one");

        store.publish(key);
        store.publish(key);

        assertThat(bucket.versions("heads/head-key.pub")).isEqualTo(1);
        assertThat(store.newest()).hasValue(7);
        bucket.overwrite("heads/head-key.pub", "another");
        store.publish(key);
    }

    @Test
    void heads_under_another_verifier_key_are_refused_with_the_remedy() {
        VerifierKey key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        bucket.overwrite("heads/head-key.pub", "another+key+x\n");

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> store.publish(key))
                .withMessageContainingAll("another+key+x", key.toString(), "HeadPrefix");
    }

    /** Writes at the same moment, and gives the heads that were refused. */
    private List<String> atOnce(IntFunction<String> note) throws Exception {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        List<Callable<Object>> writers = IntStream.range(0, WRITERS)
                .<Callable<Object>>mapToObj(writer -> () -> {
                    S3HeadStore own = bucket.store();
                    start.await();
                    own.put(7, note.apply(writer));
                    return own;
                })
                .toList();
        List<String> refused = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Object>> written = threads.invokeAll(writers);
            for (int writer = 0; writer < WRITERS; writer++) {
                try {
                    written.get(writer).get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(HeadConflict.class);
                    refused.add(note.apply(writer));
                }
            }
        }
        return refused;
    }
}
