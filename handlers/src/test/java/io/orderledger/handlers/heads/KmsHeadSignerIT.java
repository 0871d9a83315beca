package io.orderledger.handlers.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

class KmsHeadSignerIT {
    private static final byte[] TEXT = "order-ledger/orders/x\n2\nAAAA\n".getBytes(StandardCharsets.UTF_8);

    private KeyServer server;
    private KmsClient kms;
    private KmsHeadSigner signer;

    @BeforeEach
    void open() {
        server = new KeyServer();
        kms = HeadSettings.kms(Map.of(
                        "AWS_REGION",
                        "eu-west-1",
                        "AWS_ACCESS_KEY_ID",
                        "test",
                        "AWS_SECRET_ACCESS_KEY",
                        "test",
                        "AWS_ENDPOINT_URL_KMS",
                        server.endpoint()))
                .build();
        signer = new KmsHeadSigner(kms, server.keyId());
    }

    @AfterEach
    void close() {
        kms.close();
        server.close();
    }

    @Test
    void signs_with_plain_ed25519_and_always_the_same() throws Exception {
        byte[] signature = signer.sign(TEXT);

        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(signer.publicKey());
        ed25519.update(TEXT);
        assertThat(signature).hasSize(64).isEqualTo(signer.sign(TEXT));
        assertThat(ed25519.verify(signature)).isTrue();
    }

    @Test
    void fetches_the_public_key_once_and_only_when_it_is_asked_for() {
        assertThat(server.calls()).isEmpty();

        assertThat(signer.publicKey()).isEqualTo(server.publicKey());
        assertThat(signer.publicKey()).isEqualTo(server.publicKey());

        assertThat(server.calls()).containsExactly("GetPublicKey");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AccessDeniedException", "DisabledException", "KMSInvalidStateException", "NotFoundException"})
    void a_key_that_kms_refuses_is_named_with_the_remedy(String type) {
        server.refuse(400, type);

        assertThatExceptionOfType(SigningKeyUnusable.class)
                .isThrownBy(() -> signer.sign(TEXT))
                .withMessageContainingAll(server.keyId(), type, "kms:Sign", "enabled")
                .satisfies(failure -> assertThat(failure.keyId()).isEqualTo(server.keyId()));
        assertThatExceptionOfType(SigningKeyUnusable.class)
                .isThrownBy(() -> signer.publicKey())
                .withMessageContainingAll(type, "kms:GetPublicKey");
    }

    @ParameterizedTest
    @CsvSource({"400, ThrottlingException", "500, KMSInternalException"})
    void what_passes_is_not_called_a_fault_of_the_key(int status, String type) {
        server.refuse(status, type);

        assertThatExceptionOfType(KmsException.class).isThrownBy(() -> signer.sign(TEXT));
    }

    @Test
    void a_key_of_another_kind_is_refused() {
        server.spec("ECC_NIST_P256");

        assertThatExceptionOfType(SigningKeyUnusable.class)
                .isThrownBy(() -> signer.publicKey())
                .withMessageContainingAll("ECC_NIST_P256", "ECC_NIST_EDWARDS25519");
    }
}
