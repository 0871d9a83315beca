package io.orderledger.local.access;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Stands in front of everything that a listener serves, and lets in what the rules let in. What is refused is not read, and gets a problem
 * document. Thread-safe.
 */
public final class AccessFilter implements Filter {
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private final AccessRules rules;

    public AccessFilter(AccessRules rules) {
        this.rules = rules;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Optional<Denial> denial = rules.denial(asked(request));
        if (denial.isPresent()) {
            refuse(denial.get(), response);
        } else {
            chain.proceed();
        }
    }

    private static Asked asked(RoutingRequest request) {
        return new Asked(
                request.prologue().method().text(),
                values(request, HeaderNames.HOST),
                values(request, HeaderNames.ORIGIN),
                values(request, HeaderNames.AUTHORIZATION),
                request.headers().contains(FETCH_SITE));
    }

    private static List<String> values(RoutingRequest request, HeaderName name) {
        return request.headers().all(name, List::of);
    }

    private static void refuse(Denial denial, RoutingResponse response) {
        response.status(Status.create(denial.status()));
        response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        if (denial == Denial.NO_TOKEN) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        response.send(denial.document().getBytes(StandardCharsets.UTF_8));
    }
}
