package io.orderledger.ledger.heads;

import io.orderledger.ledger.Digest;
import java.util.Base64;

/**
 * What a tree was at a size.
 *
 * @param origin names the ledger and its incarnation
 * @param size leaves, at least 1
 * @param root the tree's root
 */
public record TreeHead(String origin, long size, Digest root) {
    private static final int LINES = 3;

    public TreeHead {
        if (!VerifierKey.isName(origin)) {
            throw new IllegalArgumentException("An origin has no spaces and no plus sign");
        }
        if (size < 1) {
            throw new IllegalArgumentException("A head is of a tree with leaves");
        }
    }

    /** The text that is signed, as tlog-checkpoint has it. */
    String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
    }

    /**
     * Reads the text that was signed. Lines after the third are extensions, which mean nothing here.
     *
     * @throws UnusableHead if it is no checkpoint
     */
    static TreeHead of(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length <= LINES || !lines[1].matches("[1-9][0-9]{0,18}")) {
            throw new UnusableHead("it is not origin, size and root");
        }
        try {
            return new TreeHead(
                    lines[0],
                    Long.parseLong(lines[1]),
                    Digest.of(Base64.getDecoder().decode(lines[2])));
        } catch (IllegalArgumentException e) {
            throw new UnusableHead("origin, size or root is malformed");
        }
    }
}
