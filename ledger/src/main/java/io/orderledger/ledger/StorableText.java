package io.orderledger.ledger;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * JSON may hold texts that PostgreSQL cannot: U+0000 is refused by jsonb, and half of a surrogate pair has no form in UTF-8, so that
 * the driver would put another character in its place without a word.
 */
final class StorableText {
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    static boolean isStorable(JsonNode node) {
        if (node.isTextual()) {
            return isStorable(node.textValue());
        }
        for (var field : node.properties()) {
            if (!isStorable(field.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!isStorable(child)) {
                return false;
            }
        }
        return true;
    }

    static boolean isStorable(String text) {
        return text.codePoints().allMatch(StorableText::isStorable);
    }

    /** The text with every character that cannot be stored replaced, cut off after so many characters. */
    static String replaceUnstorable(String text, int maxCharacters) {
        StringBuilder storable = new StringBuilder();
        text.codePoints()
                .limit(maxCharacters)
                .map(character -> isStorable(character) ? character : REPLACEMENT)
                .forEach(storable::appendCodePoint);
        return storable.toString();
    }

    private static boolean isStorable(int codePoint) {
        return codePoint != 0 && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }
}
