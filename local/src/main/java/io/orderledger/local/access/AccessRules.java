package io.orderledger.local.access;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may call one listener.
 *
 * <p>A name in Host that is none of ours is refused before anything else: a page whose own name was pointed at this address would be of the
 * same origin as what is served here. Addresses written in digits cannot be pointed anywhere, so a listener that others reach takes each.
 *
 * <p>Immutable.
 *
 * @param names what Host may say, in lower case and without a port
 * @param anyAddress whether Host may be any address written in digits
 * @param readers whether web pages may read; where not, nothing that a browser sends is served
 * @param writingOrigin the origin whose pages may write beside those served here; {@code *} for all
 * @param token what everybody has to bring
 */
public record AccessRules(
        Set<String> names,
        boolean anyAddress,
        boolean readers,
        Optional<String> writingOrigin,
        Optional<AccessToken> token) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** SDKs put {@code sync-} before the host of StartSyncExecution. */
    private static final String SYNCHRONOUS = "sync-";

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}]");
    private static final String EVERY_ORIGIN = "*";

    public AccessRules {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** For programs of this machine, and no web pages. */
    public static AccessRules programs() {
        Set<String> names = LOOPBACK.stream()
                .flatMap(name -> Stream.of(name, SYNCHRONOUS + name))
                .collect(Collectors.toSet());
        return new AccessRules(names, false, false, Optional.empty(), Optional.empty());
    }

    /** For everybody on this machine; pages of other origins may read what CORS lets them, and write nothing. */
    public static AccessRules loopback() {
        return new AccessRules(LOOPBACK, false, true, Optional.empty(), Optional.empty());
    }

    /** The same, but for nobody who does not know the token, and by any address of this machine. */
    AccessRules openedBy(AccessToken demanded) {
        return new AccessRules(names, true, readers, writingOrigin, Optional.of(demanded));
    }

    /** The same, by further names of this machine. */
    AccessRules named(Set<String> further) {
        Set<String> all = Stream.concat(names.stream(), further.stream()).collect(Collectors.toSet());
        return new AccessRules(all, anyAddress, readers, writingOrigin, token);
    }

    /** The same, with the origin whose pages may write; empty for none. */
    AccessRules writableFrom(String origin) {
        return new AccessRules(
                names, anyAddress, readers, Optional.of(origin).filter(given -> !given.isEmpty()), token);
    }

    /** Why a request is not let in; empty if it is. */
    Optional<Denial> denial(Asked asked) {
        if (asked.hosts().size() != 1 || !isOurs(asked.hosts().getFirst())) {
            return Optional.of(Denial.OTHER_HOST);
        }
        if (!readers && (asked.fromBrowser() || !asked.origins().isEmpty())) {
            return Optional.of(Denial.WEB_PAGE);
        }
        if (!READING.contains(asked.method()) && !asked.origins().isEmpty() && !mayWrite(asked)) {
            return Optional.of(Denial.OTHER_ORIGIN);
        }
        boolean known = token.isEmpty()
                || (asked.authorizations().size() == 1
                        && token.get().isBroughtBy(asked.authorizations().getFirst()));
        return known ? Optional.empty() : Optional.of(Denial.NO_TOKEN);
    }

    private boolean isOurs(String host) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return names.contains(name) || (anyAddress && ADDRESS.matcher(name).matches());
    }

    /** A page that is served here has the origin that the request is for: whoever ends TLS in front may have made http of https. */
    private boolean mayWrite(Asked asked) {
        if (asked.origins().size() != 1) {
            return false;
        }
        String origin = asked.origins().getFirst();
        String host = asked.hosts().getFirst();
        return origin.equalsIgnoreCase("http://" + host)
                || origin.equalsIgnoreCase("https://" + host)
                || writingOrigin
                        .filter(allowed -> allowed.equals(EVERY_ORIGIN) || allowed.equals(origin))
                        .isPresent();
    }
}
