package io.orderledger.handlers.requests;

/**
 * A rule that a message breaks.
 *
 * @param field which field, as a path such as {@code items[2].quantity}; fields of the envelope begin with {@code detail.}
 * @param rule what the field must be, never what it is
 */
public record Problem(String field, String rule) {
    private static final int MAX_NAME_CODE_POINTS = 64;

    /** A name that somebody else chose, made fit for logs, the database and answers: no control characters, and not long. */
    public static String printable(String name) {
        StringBuilder printable = new StringBuilder();
        name.codePoints()
                .limit(MAX_NAME_CODE_POINTS)
                .map(codePoint ->
                        Character.isLetterOrDigit(codePoint) || "_-.$ ".indexOf(codePoint) >= 0 ? codePoint : '?')
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    @Override
    public String toString() {
        return field + " " + rule;
    }
}
