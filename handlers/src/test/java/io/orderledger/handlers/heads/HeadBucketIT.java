package io.orderledger.handlers.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.ledger.heads.HeadName;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a bucket may answer, and what many heads cost: it takes a server that can be told so. */
@DisabledIfSystemProperty(named = "heads.s3.endpoint", matches = ".+")
class HeadBucketIT {
    private LockedBucket bucket;
    private S3HeadStore store;

    @BeforeEach
    void open() {
        bucket = new LockedBucket();
        store = bucket.store();
    }

    @AfterEach
    void close() {
        assertThat(bucket.server().refused()).isEmpty();
        bucket.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:PutObject",
                "s3:GetObjectVersion",
                "s3:ListBucketVersions",
                "s3:GetBucketObjectLockConfiguration"
            })
    void a_lost_right_is_named_with_its_remedy(String action) {
        store.put(6, "six");
        bucket.server().deny(action);

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> {
                    S3HeadStore cold = bucket.store();
                    cold.put(6, "six");
                    cold.put(7, "seven");
                })
                .withMessageContainingAll(bucket.server().bucket(), "AccessDenied", action, "role needs")
                .satisfies(failure ->
                        assertThat(failure.bucket()).isEqualTo(bucket.server().bucket()));
    }

    @Test
    void a_bucket_that_locks_nothing_gets_no_head() {
        bucket.server().lockMode(Optional.empty());

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> store.put(7, "seven"))
                .withMessageContaining("COMPLIANCE");
        assertThat(bucket.server().content().keys()).isEmpty();
    }

    /** Whoever has the right to may delete what is locked in this mode. */
    @Test
    void a_bucket_in_governance_mode_gets_no_head() {
        bucket.server().lockMode(Optional.of("GOVERNANCE"));

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> store.put(7, "seven"))
                .withMessageContaining("COMPLIANCE");
    }

    @Test
    void whether_the_bucket_locks_is_asked_once() {
        store.put(7, "seven");
        bucket.calls();

        store.put(8, "eight");

        assertThat(bucket.calls()).containsExactly("ListObjectVersions", "PutObject");
    }

    @Test
    void a_write_is_repeated_when_another_one_is_under_way() {
        bucket.server().conflict(2);

        store.put(7, "seven");

        assertThat(store.get(7)).isEqualTo("seven");
        assertThat(bucket.server().content().versions("heads/" + HeadName.of(7)))
                .isEqualTo(1);
    }

    @Test
    void a_write_that_never_gets_its_turn_fails_as_something_that_passes() {
        bucket.server().conflict(1000);

        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> store.put(7, "seven"));
    }

    @Test
    void something_huge_under_the_name_of_a_head_is_not_read() {
        bucket.overwrite("heads/" + HeadName.of(7), "x".repeat(100_000));
        bucket.calls();

        assertThatExceptionOfType(HeadBucketUnusable.class)
                .isThrownBy(() -> store.get(7))
                .withMessageContaining("100000 bytes");
        assertThat(bucket.calls()).containsExactly("ListObjectVersions");
    }

    @Test
    void ten_thousand_heads_are_found_at_a_cold_start_with_few_calls() {
        for (long head = 1; head <= 10_000; head++) {
            bucket.server().content().put("heads/" + HeadName.of(17 * head), "head " + head, true);
        }
        bucket.server().content().put("heads/head-key.pub", "key", true);
        bucket.calls();

        assertThat(store.newest()).hasValue(170_000);
        assertThat(bucket.calls()).hasSizeLessThanOrEqualTo(15).containsOnly("ListObjectVersions");
        assertThat(store.newest()).hasValue(170_000);
        assertThat(bucket.calls()).hasSize(1);
        assertThat(store.sizes()).hasSize(10_000).isSorted().startsWith(17).endsWith(170_000);
    }

    /** The markers fill more than a page of the listing, between the heads that count. */
    @Test
    void delete_markers_hide_nothing_however_many_they_are() {
        store.put(5, "five");
        for (int marker = 0; marker < 2_500; marker++) {
            bucket.server().content().mark("heads/" + HeadName.of(5));
            bucket.server().content().mark("heads/" + HeadName.of(6));
        }
        bucket.server().content().put("heads/" + HeadName.of(7), "seven", true);

        assertThat(store.newest()).hasValue(7);
        assertThat(bucket.store().newest()).hasValue(7);
        assertThat(store.get(5)).isEqualTo("five");
        assertThat(store.sizes()).containsExactly(5, 7);
    }
}
