package io.orderledger.handlers.requests;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one message, up to a limit: a caller who mends several mistakes at once needs no more. */
final class Problems {
    private static final int MAX_PROBLEMS = 50;

    private final List<Problem> found = new ArrayList<>();

    void add(String field, String rule) {
        if (found.size() < MAX_PROBLEMS) {
            found.add(new Problem(field, rule));
        }
    }

    boolean none() {
        return found.isEmpty();
    }

    List<Problem> list() {
        return List.copyOf(found);
    }
}
