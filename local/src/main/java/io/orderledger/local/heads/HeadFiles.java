package io.orderledger.local.heads;

import java.nio.file.Path;

/** Where a data folder keeps what belongs to tree heads. */
public final class HeadFiles {
    private HeadFiles() {}

    /** The exported heads, a file each. */
    public static Path heads(Path data) {
        return data.resolve("heads");
    }

    /** The signer's key, for its owner alone. */
    public static Path key(Path data) {
        return data.resolve("head-key");
    }

    /** The verifier key, which everybody may know. */
    public static Path verifierKey(Path data) {
        return data.resolve("head-key.pub");
    }
}
