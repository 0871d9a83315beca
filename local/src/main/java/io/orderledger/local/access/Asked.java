package io.orderledger.local.access;

import java.util.List;

/**
 * What of a request decides whether it is let in: each header with all its values, as they were sent.
 *
 * @param hosts of the header Host
 * @param origins of the header Origin, which browsers send and pages cannot change
 * @param authorizations of the header Authorization
 * @param fromBrowser whether a header is there that only browsers send
 */
record Asked(
        String method, List<String> hosts, List<String> origins, List<String> authorizations, boolean fromBrowser) {

    Asked {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        authorizations = List.copyOf(authorizations);
    }
}
