package io.orderledger.local.functions;

import io.orderledger.local.definitions.PermissionDefinition;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the statements of a function's resource-based policy say. */
final class Permissions {

    private Permissions() {}

    static boolean permit(PermissionDefinition permission, String principal, String sourceArn) {
        return permitsInvocation(permission.action())
                && permission.principal().equals(principal)
                && permission
                        .sourceArn()
                        .map(pattern -> matches(pattern, sourceArn))
                        .orElse(true);
    }

    private static boolean permitsInvocation(String action) {
        return action.equals("lambda:InvokeFunction") || action.equals("lambda:*");
    }

    /** IAM's wildcards: {@code *} for any characters, {@code ?} for one. */
    private static boolean matches(String pattern, String value) {
        String regex = pattern.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return value.matches(regex);
    }
}
