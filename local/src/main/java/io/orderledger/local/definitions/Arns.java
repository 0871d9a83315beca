package io.orderledger.local.definitions;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Matching of ARNs and actions as IAM's {@code ArnLike} does it. */
final class Arns {

    private Arns() {}

    /** @param pattern may hold {@code *} (any characters) and {@code ?} (one character) */
    static boolean matches(String pattern, String value) {
        String regex = pattern.chars()
                .mapToObj(character -> switch (character) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(character));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }
}
