package io.orderledger.handlers.listorders;

import io.orderledger.handlers.requests.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The request's parameters do not fit; the message names them and the rules that they break. The remedy is the caller's. */
final class RefusedQuery extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedQuery(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
}
