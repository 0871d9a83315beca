package io.orderledger.projections.orders;

/** The text is no cursor that a page of orders gave out. Begin again with the first page. */
public final class MalformedCursor extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedCursor() {
        super("The text is no cursor of a page of orders");
    }
}
