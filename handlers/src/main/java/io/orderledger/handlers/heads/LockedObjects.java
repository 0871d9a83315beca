package io.orderledger.handlers.heads;

import io.orderledger.handlers.heads.NewestHead.Page;
import io.orderledger.ledger.heads.HeadName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRule;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.paginators.ListObjectVersionsIterable;

/**
 * Small texts below a prefix of a bucket with Object Lock, each written once. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">Conditional writes</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>
 */
final class LockedObjects {
    private static final int MAX_ATTEMPTS = 5;
    /** A head has some 300 bytes; whatever else has its name is not read into memory. */
    private static final long MAX_SIZE_BYTES = 65_536;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private final S3Client s3;
    private final String bucket;
    private final String prefix;
    private volatile boolean knownToLock;

    LockedObjects(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Writes a text unless the name is taken; says which text has the name now. */
    String putOnce(String name, String text) {
        demandLock();
        for (int attempt = 1; ; attempt++) {
            Optional<String> taken = oldest(name);
            if (taken.isPresent()) {
                return taken.get();
            }
            try {
                calling("PutObject", () -> put(name, text.getBytes(StandardCharsets.UTF_8)));
                return text;
            } catch (S3Exception e) {
                // Somebody was faster (412), or is at it just now (409).
                boolean raced = e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT;
                if (!raced || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The text that first had the name, whatever was done to the name since. */
    Optional<String> oldest(String name) {
        return calling(
                        "ListObjectVersions",
                        () -> versions(prefix + name, "").versions().stream()
                                .filter(version -> version.key().equals(prefix + name))
                                .reduce((newer, older) -> older))
                .map(this::text);
    }

    /** The sizes of all heads, rising. */
    long[] sizes() {
        return calling(
                "ListObjectVersions",
                () -> versions(prefix, "").stream()
                        .flatMapToLong(this::sizes)
                        .distinct()
                        .sorted()
                        .toArray());
    }

    /** The first heads that are larger than a size. */
    Page beyond(long size) {
        return calling("ListObjectVersions", () -> {
            for (ListObjectVersionsResponse page : versions(prefix, size == 0 ? "" : prefix + HeadName.of(size))) {
                OptionalLong largest = sizes(page).filter(found -> found > size).max();
                if (largest.isPresent()) {
                    return new Page(largest.getAsLong(), !page.isTruncated());
                }
            }
            return Page.NONE;
        });
    }

    HeadBucketUnusable unusable(String reasonAndRemedy) {
        return new HeadBucketUnusable(bucket, reasonAndRemedy);
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }

    private ListObjectVersionsIterable versions(String beginning, String after) {
        return s3.listObjectVersionsPaginator(request -> {
            request.bucket(bucket).prefix(beginning);
            if (!after.isEmpty()) {
                request.keyMarker(after);
            }
        });
    }

    private LongStream sizes(ListObjectVersionsResponse page) {
        return page.versions().stream()
                .map(version -> HeadName.size(version.key().substring(prefix.length())))
                .flatMapToLong(OptionalLong::stream);
    }

    private String text(ObjectVersion version) {
        if (version.size() > MAX_SIZE_BYTES) {
            throw unusable("has something of " + version.size() + " bytes under " + version.key()
                    + ", which is no head. Find out who wrote it");
        }
        return calling(
                        "GetObjectVersion",
                        () -> s3.getObjectAsBytes(request ->
                                request.bucket(bucket).key(version.key()).versionId(version.versionId())))
                .asUtf8String();
    }

    private Object put(String name, byte[] text) {
        return s3.putObject(
                request -> request.bucket(bucket)
                        .key(prefix + name)
                        .ifNoneMatch("*")
                        .contentType("text/plain; charset=utf-8")
                        // Object Lock wants a checksum, and S3 refuses what arrives changed.
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromBytes(text));
    }

    /** A head in a bucket from which it can be deleted is worth nothing, and looks the same. */
    private void demandLock() {
        if (knownToLock) {
            return;
        }
        Optional<DefaultRetention> retention =
                lockConfiguration().map(ObjectLockConfiguration::rule).map(ObjectLockRule::defaultRetention);
        if (retention
                .map(DefaultRetention::mode)
                .filter(ObjectLockRetentionMode.COMPLIANCE::equals)
                .isEmpty()) {
            throw unusable(
                    "does not lock what is written to it: set Object Lock's default retention to COMPLIANCE mode");
        }
        knownToLock = true;
    }

    private Optional<ObjectLockConfiguration> lockConfiguration() {
        try {
            return Optional.of(calling(
                            "GetBucketObjectLockConfiguration",
                            () -> s3.getObjectLockConfiguration(request -> request.bucket(bucket)))
                    .objectLockConfiguration());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty(); // what S3 says of a bucket without Object Lock
            }
            throw e;
        }
    }

    private <T> T calling(String action, Supplier<T> call) {
        try {
            return call.get();
        } catch (S3Exception e) {
            String code = String.valueOf(e.awsErrorDetails().errorCode());
            if (e.statusCode() == FORBIDDEN) {
                throw new HeadBucketUnusable(
                        bucket,
                        "refuses " + action + " (" + code
                                + "): the function's role needs s3:PutObject and s3:GetObjectVersion"
                                + " on " + prefix
                                + "*, and s3:ListBucketVersions and s3:GetBucketObjectLockConfiguration on"
                                + " the bucket, and the bucket's policy must not deny them",
                        e);
            }
            if (code.equals("NoSuchBucket")) {
                throw new HeadBucketUnusable(bucket, "does not exist: see HEAD_BUCKET, and the Region", e);
            }
            throw e;
        }
    }
}
