package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One method of one path.
 *
 * @param method in capital letters; {@code ANY} for {@code x-amazon-apigateway-any-method}
 * @param path as in the document, for example {@code /orders/{orderId}}
 * @param parameters the declared parameters; others reach the integration as well
 * @param models the JSON Schema (draft-04) of the body by media type
 * @param responseHeaders the declared headers by status
 */
public record Route(
        Location location,
        String method,
        String path,
        Validation validation,
        List<Parameter> parameters,
        Map<String, JsonNode> models,
        Map<Integer, List<String>> responseHeaders,
        Optional<Throttle> throttle,
        Integration integration) {

    public static final String ANY = "ANY";

    public Route {
        parameters = List.copyOf(parameters);
        models = Map.copyOf(models);
        responseHeaders = Map.copyOf(responseHeaders);
    }

    /** What the route's request validator looks at. */
    public record Validation(boolean body, boolean parameters) {

        public static final Validation NONE = new Validation(false, false);
    }

    /** A declared parameter. API Gateway checks nothing about it but its presence. */
    public record Parameter(Location location, String name, Source source, boolean required) {

        /** Where a parameter stands in the request. */
        public enum Source {
            PATH("path"),
            QUERY("querystring"),
            HEADER("header");

            private final String word;

            Source(String word) {
                this.word = word;
            }

            /** The word for it in mapping expressions, for example {@code method.request.querystring.limit}. */
            public String word() {
                return word;
            }
        }
    }

    /**
     * A token bucket.
     *
     * @param ratePerSecond tokens that are added each second
     * @param burst how many tokens there are at most
     */
    public record Throttle(double ratePerSecond, int burst) {}
}
