package io.orderledger.handlers.heads;

/**
 * KMS does not sign with the key, and will not before somebody changes something: the key is disabled, or about to be deleted, or of another
 * kind, or its policy does not admit the function. No head is exported meanwhile; none is lost either, since the next one covers the same
 * events.
 */
public final class SigningKeyUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String keyId;

    SigningKeyUnusable(String keyId, String reasonAndRemedy) {
        super("The signing key " + keyId + " " + reasonAndRemedy);
        this.keyId = keyId;
    }

    SigningKeyUnusable(String keyId, String reasonAndRemedy, Throwable cause) {
        super("The signing key " + keyId + " " + reasonAndRemedy, cause);
        this.keyId = keyId;
    }

    /** ID or ARN of the key. */
    public String keyId() {
        return keyId;
    }
}
