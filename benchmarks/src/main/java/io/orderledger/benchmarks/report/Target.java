package io.orderledger.benchmarks.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a figure is meant to be.
 *
 * @param name the figure, with its unit
 * @param bound which side of the limit is good
 * @param limit the limit
 * @param measured the figure
 */
public record Target(String name, Bound bound, double limit, double measured) {
    /** Which side of a limit is good. */
    public enum Bound {
        AT_LEAST("≥"),
        MORE_THAN(">"),
        AT_MOST("≤"),
        LESS_THAN("<");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    /** Whether the figure is on the good side. A figure that is no number is not. */
    public boolean isMet() {
        return switch (bound) {
            case AT_LEAST -> measured >= limit;
            case MORE_THAN -> measured > limit;
            case AT_MOST -> measured <= limit;
            case LESS_THAN -> measured < limit;
        };
    }

    String limitText() {
        return bound.sign + " " + Figures.text(limit);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("bound", bound.sign)
                .put("limit", limit)
                .put("measured", Figures.rounded(measured))
                .put("met", isMet());
    }
}
