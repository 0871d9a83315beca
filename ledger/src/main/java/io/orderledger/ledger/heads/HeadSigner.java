package io.orderledger.ledger.heads;

import java.security.PublicKey;

/**
 * Holds the key that signs tree heads, outside the database. A file on one machine; a key service on AWS.
 *
 * <p>Implementations are thread-safe and sign deterministically, as Ed25519 does: the same text always gives the same signature.
 */
public interface HeadSigner {
    /** The Ed25519 public key. */
    PublicKey publicKey();

    /** The Ed25519 signature (RFC 8032, not the prehashed kind) of the text, 64 bytes. */
    byte[] sign(byte[] text);
}
