package io.orderledger.handlers.heads;

/**
 * The bucket does not take or give heads, or not as heads have to be kept, and will not before somebody changes something. No head is exported
 * meanwhile; none is lost either, since the next one covers the same events.
 */
public final class HeadBucketUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String bucket;

    HeadBucketUnusable(String bucket, String reasonAndRemedy) {
        super("The bucket " + bucket + " " + reasonAndRemedy);
        this.bucket = bucket;
    }

    HeadBucketUnusable(String bucket, String reasonAndRemedy, Throwable cause) {
        super("The bucket " + bucket + " " + reasonAndRemedy, cause);
        this.bucket = bucket;
    }

    /** Name of the bucket. */
    public String bucket() {
        return bucket;
    }
}
