package io.orderledger.projections.audit;

import io.orderledger.ledger.heads.HeadSigner;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;

/** Signs with a key that anybody can draw again: heads of the example come out the same each time. */
final class FixedHeadSigner implements HeadSigner {
    private static final String ALGORITHM = "Ed25519";
    private static final int KEY_BITS = 255;

    private final KeyPair pair = draw();

    private static KeyPair draw() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(KEY_BITS, new Unvaried());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519", e);
        }
    }

    @Override
    public PublicKey publicKey() {
        return pair.getPublic();
    }

    @Override
    public byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key was drawn for this", e);
        }
    }

    /** The opposite of what it is for elsewhere. */
    private static final class Unvaried extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 42);
        }
    }
}
