package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A data-test operator: what it compares, and which outcomes of the comparison it accepts.
 *
 * @param kind the type both values must have
 * @param relation what must hold between them
 */
record ValueTest(Kind kind, Relation relation) {

    /** The types of values that operators know. */
    enum Kind {
        STRING("String") {
            @Override
            boolean accepts(JsonNode value) {
                return value.isTextual();
            }

            @Override
            int compare(JsonNode left, JsonNode right) {
                return left.textValue().compareTo(right.textValue());
            }
        },
        NUMERIC("Numeric") {
            @Override
            boolean accepts(JsonNode value) {
                return value.isNumber();
            }

            @Override
            int compare(JsonNode left, JsonNode right) {
                return left.decimalValue().compareTo(right.decimalValue());
            }
        },
        BOOLEAN("Boolean") {
            @Override
            boolean accepts(JsonNode value) {
                return value.isBoolean();
            }

            @Override
            int compare(JsonNode left, JsonNode right) {
                return Boolean.compare(left.booleanValue(), right.booleanValue());
            }
        },
        TIMESTAMP("Timestamp") {
            @Override
            boolean accepts(JsonNode value) {
                return value.isTextual() && timestamp(value.textValue()).isPresent();
            }

            @Override
            int compare(JsonNode left, JsonNode right) {
                return timestamp(left.textValue())
                        .orElseThrow()
                        .compareTo(timestamp(right.textValue()).orElseThrow());
            }
        },
        NULL("Null") {
            @Override
            boolean accepts(JsonNode value) {
                return value.isNull();
            }

            @Override
            int compare(JsonNode left, JsonNode right) {
                return 0;
            }
        };

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** The word that operators begin with, or end with in {@code IsNumeric} and its like. */
        String title() {
            return title;
        }

        abstract boolean accepts(JsonNode value);

        /** Compares two values that this kind accepts. */
        abstract int compare(JsonNode left, JsonNode right);
    }

    /** What an operator demands of a comparison. */
    enum Relation {
        EQUALS("Equals") {
            @Override
            boolean holds(int comparison) {
                return comparison == 0;
            }
        },
        LESS_THAN("LessThan") {
            @Override
            boolean holds(int comparison) {
                return comparison < 0;
            }
        },
        GREATER_THAN("GreaterThan") {
            @Override
            boolean holds(int comparison) {
                return comparison > 0;
            }
        },
        LESS_THAN_EQUALS("LessThanEquals") {
            @Override
            boolean holds(int comparison) {
                return comparison <= 0;
            }
        },
        GREATER_THAN_EQUALS("GreaterThanEquals") {
            @Override
            boolean holds(int comparison) {
                return comparison >= 0;
            }
        },
        MATCHES("Matches") {
            @Override
            boolean holds(int comparison) {
                throw new IllegalStateException("a pattern is not a comparison");
            }
        };

        private final String title;

        Relation(String title) {
            this.title = title;
        }

        /** The word that operators end with. */
        String title() {
            return title;
        }

        abstract boolean holds(int comparison);
    }

    boolean holds(JsonNode value, JsonNode operand) {
        if (!kind.accepts(value) || !kind.accepts(operand)) {
            return false;
        }
        return relation == Relation.MATCHES
                ? pattern(operand.textValue()).matcher(value.textValue()).matches()
                : relation.holds(kind.compare(value, operand));
    }

    /** {@code *} stands for any characters, {@code \*} for an asterisk and {@code \\} for a backslash. */
    private static Pattern pattern(String wildcards) {
        var regex = new StringBuilder();
        for (int i = 0; i < wildcards.length(); i++) {
            char c = wildcards.charAt(i);
            if (c == '*') {
                regex.append(".*");
            } else {
                if (c == '\\' && i + 1 < wildcards.length()) {
                    i++;
                }
                regex.append(Pattern.quote(String.valueOf(wildcards.charAt(i))));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static Optional<Instant> timestamp(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
