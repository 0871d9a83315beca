package io.orderledger.local.gateway;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Headers in the spelling they were sent in; looked up without regard to case. Immutable. */
final class Headers {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]*");

    private final Map<String, List<String>> valuesByName;

    Headers(Map<String, List<String>> valuesByName) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        valuesByName.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        this.valuesByName = Collections.unmodifiableMap(copy);
    }

    Map<String, List<String>> all() {
        return valuesByName;
    }

    /** Of a header that was sent more than once, the last value: what API Gateway shows in single-valued maps. */
    Map<String, String> lastValues() {
        Map<String, String> last = new LinkedHashMap<>();
        valuesByName.forEach((name, values) -> last.put(name, values.getLast()));
        return Collections.unmodifiableMap(last);
    }

    Optional<String> first(String name) {
        return valuesByName.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue().getFirst())
                .findFirst();
    }

    /** These headers and one more, unless the name is there already. */
    Headers withDefault(String name, String value) {
        if (first(name).isPresent()) {
            return this;
        }
        Map<String, List<String>> more = new LinkedHashMap<>(valuesByName);
        more.put(name, List.of(value));
        return new Headers(more);
    }

    /** These headers but for one. */
    Headers without(String name) {
        Map<String, List<String>> fewer = new LinkedHashMap<>(valuesByName);
        fewer.keySet().removeIf(name::equalsIgnoreCase);
        return new Headers(fewer);
    }

    /** Whether every name is a token and every value printable ASCII: a line break would begin another header. */
    boolean areWellFormed() {
        return valuesByName.entrySet().stream()
                .allMatch(header -> NAME.matcher(header.getKey()).matches()
                        && header.getValue().stream()
                                .allMatch(value -> VALUE.matcher(value).matches()));
    }

    /** Collects headers one by one. */
    static final class Builder {

        private final Map<String, List<String>> values = new LinkedHashMap<>();

        void add(String name, List<String> more) {
            values.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more);
        }

        Headers build() {
            return new Headers(values);
        }
    }
}
