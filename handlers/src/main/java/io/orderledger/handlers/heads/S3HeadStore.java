package io.orderledger.handlers.heads;

import io.orderledger.ledger.heads.HeadConflict;
import io.orderledger.ledger.heads.HeadName;
import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.ledger.heads.VerifierKey;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Heads in a bucket with Object Lock, an object each, named as {@link HeadName} says, so a copy of the prefix in a folder is a {@code
 * FolderHeadStore}.
 *
 * <p>An object is written under the condition that there is none of its name, and what counts for a size is the oldest version that the bucket
 * has of it. So whoever may delete or overwrite in the bucket (which adds a delete marker or a version, and takes nothing away while the lock
 * lasts) can neither hide a head from the exporter nor put another one in its place.
 *
 * <p>Thread-safe; many may write into one prefix. It remembers the newest size that it has seen, so {@link #newest} is one listing of what
 * came after it; only the first call searches. Failures that pass are the SDK's own exceptions: try again later.
 */
public final class S3HeadStore implements HeadStore {
    /** Beside the heads; a folder's store leaves other names alone. */
    private static final String VERIFIER_KEY = "head-key.pub";

    private final LockedObjects objects;
    private final AtomicLong seen = new AtomicLong();

    /**
     * Uses a bucket; calls nothing yet.
     *
     * @param prefix what the names of the heads begin with, ending in a slash
     */
    public S3HeadStore(S3Client s3, String bucket, String prefix) {
        this.objects = new LockedObjects(s3, bucket, prefix);
    }

    /**
     * {@inheritDoc}
     *
     * @throws HeadBucketUnusable if the bucket does not take it, or would not keep it from being deleted
     */
    @Override
    public void put(long size, String note) {
        if (!objects.putOnce(HeadName.of(size), note).equals(note)) {
            throw new HeadConflict(size, size);
        }
    }

    @Override
    public long[] sizes() {
        return objects.sizes();
    }

    @Override
    public OptionalLong newest() {
        long newest = new NewestHead(objects::beyond).search(seen.get());
        if (newest == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(seen.accumulateAndGet(newest, Math::max));
    }

    @Override
    public String get(long size) {
        return objects.oldest(HeadName.of(size))
                .orElseThrow(() -> new IllegalArgumentException("There is no head of size " + size + " in " + objects));
    }

    /**
     * Puts the verifier key beside the heads, as {@code head-key.pub}, unless it is there.
     *
     * @throws HeadBucketUnusable if another one is there: these are the heads of another ledger, incarnation or key
     */
    public void publish(VerifierKey key) {
        String published = objects.putOnce(VERIFIER_KEY, key + "\n");
        if (!published.equals(key + "\n")) {
            throw objects.unusable(
                    "has heads under another verifier key (" + published.strip() + ") than this ledger's ("
                            + key
                            + "). If somebody made the database or the key anew on purpose, give the new heads a prefix of their"
                            + " own (parameter HeadPrefix); if nobody did, the ledger or the key was replaced");
        }
    }
}
