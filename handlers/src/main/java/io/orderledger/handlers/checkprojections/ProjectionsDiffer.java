package io.orderledger.handlers.checkprojections;

import java.util.List;

/**
 * Views are not what their queries say of the ledger. The function's log names the rows. Find out who changed the table, or whether a query
 * was changed without a new version; a rebuild puts the view right.
 */
public final class ProjectionsDiffer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> projections;

    ProjectionsDiffer(List<String> projections) {
        super("Rows differ from what the query says in " + String.join(", ", projections)
                + "; rebuild once it is clear why");
        this.projections = List.copyOf(projections);
    }

    /** IDs of the projections that differ. */
    public List<String> projections() {
        return projections;
    }
}
