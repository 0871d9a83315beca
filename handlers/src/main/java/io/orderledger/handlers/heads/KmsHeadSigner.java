package io.orderledger.handlers.heads;

import io.orderledger.ledger.heads.HeadSigner;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/**
 * A signer whose key was made in KMS and never leaves it. Of the two ways in which KMS signs with such keys it uses the one that hands KMS the
 * text itself: that is RFC 8032's Ed25519, which everybody's tools verify and which is deterministic. (The other one signs a digest, as
 * Ed25519ph, which is another signature.)
 *
 * <p>Thread-safe. The public key is fetched once, when it is first asked for. What KMS cannot do now (throttled, away) is the SDK's own
 * exception: try again later.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/asymmetric-key-specs.html">KMS key specs</a>
 */
public final class KmsHeadSigner implements HeadSigner {
    private static final int BAD_REQUEST = 400;
    /** KMS says 400 to these, too, and yet they pass. */
    private static final Set<String> PASSING =
            Set.of("ThrottlingException", "LimitExceededException", "RequestExpired");

    private final KmsClient kms;
    private final String keyId;
    private volatile @Nullable PublicKey publicKey;

    /**
     * Uses a key; calls nothing yet.
     *
     * @param keyId ID or ARN of a key of spec ECC_NIST_EDWARDS25519 for signing
     */
    public KmsHeadSigner(KmsClient kms, String keyId) {
        this.kms = kms;
        this.keyId = keyId;
    }

    /**
     * The public key, as KMS tells it.
     *
     * @throws SigningKeyUnusable if the key is not Ed25519, or KMS refuses it
     */
    @Override
    public PublicKey publicKey() {
        PublicKey known = publicKey;
        if (known == null) {
            // Two at once fetch the same key.
            known = fetch();
            publicKey = known;
        }
        return known;
    }

    /**
     * Signs a text of up to 4,096 bytes.
     *
     * @throws SigningKeyUnusable if KMS refuses to sign with the key
     */
    @Override
    public byte[] sign(byte[] text) {
        return calling(
                        "Sign",
                        () -> kms.sign(request -> request.keyId(keyId)
                                .message(SdkBytes.fromByteArray(text))
                                .messageType(MessageType.RAW)
                                .signingAlgorithm(SigningAlgorithmSpec.ED25519_SHA_512)))
                .signature()
                .asByteArray();
    }

    private PublicKey fetch() {
        GetPublicKeyResponse found = calling("GetPublicKey", () -> kms.getPublicKey(request -> request.keyId(keyId)));
        if (found.keySpec() != KeySpec.ECC_NIST_EDWARDS25519) {
            throw new SigningKeyUnusable(
                    keyId,
                    "is of spec " + found.keySpecAsString() + ": make one of spec " + KeySpec.ECC_NIST_EDWARDS25519
                            + ", and a prefix of its own for its heads");
        }
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(found.publicKey().asByteArray()));
        } catch (GeneralSecurityException e) {
            throw new SigningKeyUnusable(keyId, "has a public key that is not Ed25519 in X.509's form", e);
        }
    }

    private <T> T calling(String action, Supplier<T> call) {
        try {
            return call.get();
        } catch (KmsException e) {
            String code = String.valueOf(e.awsErrorDetails().errorCode());
            if (e.statusCode() != BAD_REQUEST || PASSING.contains(code)) {
                throw e;
            }
            throw new SigningKeyUnusable(
                    keyId,
                    "is refused by KMS: " + action + " answers " + code + ". Its policy must let this function's role"
                            + " kms:" + action + " (Sign with MessageType RAW and ED25519_SHA_512), and it must be"
                            + " enabled and not about to be deleted",
                    e);
        }
    }
}
