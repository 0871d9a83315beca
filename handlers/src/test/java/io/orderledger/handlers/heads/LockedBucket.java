package io.orderledger.handlers.heads;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * A bucket with Object Lock, and a client that notes its calls: on this package's own server, or, where the system property {@code
 * heads.s3.endpoint} names one, on another implementation of S3.
 */
final class LockedBucket implements AutoCloseable {
    static final String PREFIX = "heads/";

    private static final Optional<String> OTHER = Optional.ofNullable(System.getProperty("heads.s3.endpoint"));

    private final Optional<BucketServer> own;
    private final String name;
    private final S3Client s3;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    LockedBucket() {
        own = OTHER.isPresent() ? Optional.empty() : Optional.of(new BucketServer());
        S3ClientBuilder builder = HeadSettings.s3(Map.of(
                "AWS_REGION",
                "eu-west-1",
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "AWS_ENDPOINT_URL_S3",
                own.map(BucketServer::endpoint).or(() -> OTHER).orElseThrow()));
        s3 = builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .addExecutionInterceptor(new Noting())
                        .build())
                .build();
        name = own.map(BucketServer::bucket).orElseGet(this::create);
    }

    S3HeadStore store() {
        return new S3HeadStore(s3, name, PREFIX);
    }

    /** The server, for what only it can be told to do. */
    BucketServer server() {
        return own.orElseThrow();
    }

    /** The actions that were called since the last time. */
    List<String> calls() {
        List<String> since = List.copyOf(calls);
        calls.clear();
        return since;
    }

    /** Writes without any condition, as an intruder would. */
    void overwrite(String key, String text) {
        s3.putObject(
                request -> request.bucket(name).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString(text));
    }

    /** Deletes, which hides what is there behind a delete marker. */
    void delete(String key) {
        s3.deleteObject(request -> request.bucket(name).key(key));
    }

    /** How many versions and delete markers a key has. */
    long versions(String key) {
        return s3.listObjectVersionsPaginator(request -> request.bucket(name).prefix(key)).stream()
                .mapToLong(page -> page.versions().size() + page.deleteMarkers().size())
                .sum();
    }

    private String create() {
        String bucket = "heads-" + UUID.randomUUID();
        s3.createBucket(request -> request.bucket(bucket)
                .objectLockEnabledForBucket(true)
                .createBucketConfiguration(configuration -> configuration.locationConstraint("eu-west-1")));
        s3.putObjectLockConfiguration(request -> request.bucket(bucket)
                .objectLockConfiguration(configuration -> configuration
                        .objectLockEnabled(ObjectLockEnabled.ENABLED)
                        .rule(rule -> rule.defaultRetention(retention -> retention
                                .mode(ObjectLockRetentionMode.COMPLIANCE)
                                .days(1)))));
        return bucket;
    }

    @Override
    public void close() {
        s3.close();
        own.ifPresent(BucketServer::close);
    }

    private final class Noting implements ExecutionInterceptor {
        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            calls.add(context.request().getClass().getSimpleName().replace("Request", ""));
        }
    }
}
