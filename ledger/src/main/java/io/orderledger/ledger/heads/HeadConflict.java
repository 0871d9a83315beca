package io.orderledger.ledger.heads;

/**
 * The ledger does not go on from a head that was exported before: it is shorter, or it is another one. It was restored from an old copy,
 * or changed. Nothing is signed or exported until somebody has found out; verify names the place.
 */
public final class HeadConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long exportedSize;
    private final long size;

    /**
     * Tells what does not fit.
     *
     * @param exportedSize size of the head that is in the store
     * @param size of the ledger's tree; the same if there is another head of just this size
     */
    public HeadConflict(long exportedSize, long size) {
        super("The ledger's tree of size " + size + " does not go on from the exported head of size " + exportedSize);
        this.exportedSize = exportedSize;
        this.size = size;
    }

    /** Size of the exported head. */
    public long exportedSize() {
        return exportedSize;
    }

    /** Size of the ledger's tree. */
    public long size() {
        return size;
    }
}
