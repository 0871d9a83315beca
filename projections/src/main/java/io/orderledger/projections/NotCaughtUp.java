package io.orderledger.projections;

/** A projection is too far behind to tell its rows as of a block. Try again when it has caught up. */
public final class NotCaughtUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long height;
    private final long checkpoint;

    NotCaughtUp(String projection, long height, long checkpoint) {
        super("Projection " + projection + " takes blocks up to " + checkpoint + " into account, far fewer than "
                + height);
        this.height = height;
        this.checkpoint = checkpoint;
    }

    /** The block that was asked for. */
    public long height() {
        return height;
    }

    /** The newest block that it takes into account. */
    public long checkpoint() {
        return checkpoint;
    }
}
