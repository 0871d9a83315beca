package io.orderledger.local.cli;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@code postgresql://} URL, as psql takes it.
 *
 * @param jdbc the same without user and password, as the JDBC driver takes it
 * @param user who connects; empty if the URL does not say
 * @param password empty if there is no user; the environment's PGPASSWORD if the URL has none
 */
record DatabaseUrl(String jdbc, Optional<String> user, Optional<String> password) {
    private static final String SCHEME = "postgresql://";

    static DatabaseUrl parse(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("--database must begin with " + SCHEME);
        }
        URI uri = URI.create(url);
        String jdbc = "jdbc:" + SCHEME + uri.getRawAuthority().replaceFirst("^.*@", "") + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (uri.getUserInfo() == null) {
            return new DatabaseUrl(jdbc, Optional.empty(), Optional.empty());
        }
        String[] user = uri.getUserInfo().split(":", 2);
        // Arguments are public, the environment is not.
        String password = user.length == 2 ? user[1] : Objects.requireNonNullElse(System.getenv("PGPASSWORD"), "");
        return new DatabaseUrl(jdbc, Optional.of(user[0]), Optional.of(password));
    }
}
