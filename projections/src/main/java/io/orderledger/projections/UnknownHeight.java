package io.orderledger.projections;

/** There is no block of this height yet. */
public final class UnknownHeight extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long height;

    UnknownHeight(long height) {
        super("There is no block " + height + " yet");
        this.height = height;
    }

    public long height() {
        return height;
    }
}
