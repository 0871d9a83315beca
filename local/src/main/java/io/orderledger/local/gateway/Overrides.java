package io.orderledger.local.gateway;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What templates put into {@code $context.requestOverride} and {@code $context.responseOverride}. As on API Gateway, one
 * thing can be overridden once.
 */
final class Overrides {

    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    private final OnceMap requestHeaders = new OnceMap("requestOverride.header");
    private final OnceMap requestPath = new OnceMap("requestOverride.path");
    private final OnceMap responseHeaders = new OnceMap("responseOverride.header");
    private final OnceMap response = new OnceMap("responseOverride");

    Overrides() {
        response.put("header", responseHeaders);
    }

    /** {@code $context.requestOverride}. Path parameters in it change nothing: no integration's URI has any. */
    Map<String, Object> requestOverride() {
        return Map.of("header", requestHeaders, "path", requestPath);
    }

    /** {@code $context.responseOverride}. */
    Map<String, Object> responseOverride() {
        return response;
    }

    Map<String, String> requestHeaders() {
        return requestHeaders.texts();
    }

    Map<String, String> responseHeaders() {
        return responseHeaders.texts();
    }

    /**
     * The status that a template set.
     *
     * @throws TemplateFailure if it is no HTTP status
     */
    Optional<Integer> status() {
        Object status = response.get("status");
        if (status == null) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(status.toString());
            if (number >= LEAST_STATUS && number <= MOST_STATUS) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of range
        }
        throw new TemplateFailure("responseOverride.status is no HTTP status");
    }

    /** A map that takes each key once. */
    private static final class OnceMap extends AbstractMap<String, Object> {

        private final String name;
        private final Map<String, Object> values = new LinkedHashMap<>();

        OnceMap(String name) {
            this.name = name;
        }

        @Override
        public @Nullable Object put(String key, Object value) {
            if (values.putIfAbsent(key, value) != null) {
                throw new TemplateFailure(name + "." + key + " was overridden before: API Gateway takes one override");
            }
            return null;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return Collections.unmodifiableMap(values).entrySet();
        }

        Map<String, String> texts() {
            Map<String, String> texts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            values.forEach((key, value) -> texts.put(key, value.toString()));
            return texts;
        }
    }
}
