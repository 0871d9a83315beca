package io.orderledger.handlers.requests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object and notes every rule that is broken. Nothing is converted: {@code "2"} is no number, and
 * neither {@code 2.0} nor {@code 2e0} is an integer here, because JSON Schema draft-04, which the API is described in, says so too.
 * A field that is null is of the wrong type.
 *
 * <p>Lengths are counted in Unicode code points, as JSON Schema counts them: an emoji is one, however many bytes it takes.
 */
final class ObjectFields {
    private static final String REQUIRED = "is required";

    private final ObjectNode object;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    private ObjectFields(ObjectNode object, String path, Problems problems) {
        this.object = object;
        this.path = path;
        this.problems = problems;
    }

    /** Reads an object inside the document; the path is what the problems' names begin with, and may be empty. */
    static ObjectFields under(ObjectNode object, String path, Problems problems) {
        return new ObjectFields(object, path, problems);
    }

    /** Whether the field is there, of whatever type. */
    boolean has(String name) {
        return object.has(name);
    }

    /** The same object, with names of problems that begin here: the request itself is what its sender knows. */
    ObjectFields asTop() {
        return new ObjectFields(object, "", problems);
    }

    /** Text that may be missing and may be empty. */
    Optional<String> text(String name, int maxCodePoints) {
        return text(name, 0, maxCodePoints);
    }

    Optional<String> requiredText(String name, int minCodePoints, int maxCodePoints) {
        return require(name) ? text(name, minCodePoints, maxCodePoints) : Optional.empty();
    }

    /** Text of a form; the rule says in words what the pattern says. */
    Optional<String> formed(String name, Pattern pattern, String rule) {
        return textual(name).filter(value -> holds(name, pattern.matcher(value).matches(), rule));
    }

    Optional<String> requiredFormed(String name, Pattern pattern, String rule) {
        return require(name) ? formed(name, pattern, rule) : Optional.empty();
    }

    /** One of a few words, spelt exactly so. */
    Optional<String> oneOf(String name, List<String> words) {
        return textual(name)
                .filter(value -> holds(name, words.contains(value), "must be one of " + String.join(", ", words)));
    }

    OptionalLong integer(String name, long min, long max) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        boolean fits = value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= min
                && value.longValue() <= max;
        return holds(name, fits, "must be an integer from " + min + " to " + max)
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    OptionalInt requiredInteger(String name, int min, int max) {
        if (!require(name)) {
            return OptionalInt.empty();
        }
        OptionalLong value = integer(name, min, max);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    Optional<ObjectFields> object(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode nested) {
            return Optional.of(new ObjectFields(nested, at(name), problems));
        }
        problems.add(at(name), "must be an object");
        return Optional.empty();
    }

    Optional<ObjectFields> requiredObject(String name) {
        return require(name) ? object(name) : Optional.empty();
    }

    /** The elements, each an object; one that is none is noted and left out. */
    List<ObjectFields> requiredObjects(String name, int min, int max) {
        if (!require(name)) {
            return List.of();
        }
        JsonNode value = get(name);
        boolean fits = value != null && value.isArray() && value.size() >= min && value.size() <= max;
        if (value == null || !holds(name, fits, "must be a list of " + min + " to " + max + " objects")) {
            return List.of();
        }
        return IntStream.range(0, value.size())
                .mapToObj(index -> element(at(name) + "[" + index + "]", value.get(index)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Every field that nobody asked for is a problem. To be called last. */
    void refuseUnknown() {
        for (String name : names()) {
            if (!known.contains(name)) {
                problems.add(at(Problem.printable(name)), "is unknown");
            }
        }
    }

    /** Those of the named fields that are there, as they were sent. */
    ObjectNode only(Set<String> names) {
        return all().retain(names);
    }

    /** A copy of the object as it was sent. */
    ObjectNode all() {
        return object.deepCopy();
    }

    private Set<String> names() {
        return object.propertyStream().map(Map.Entry::getKey).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private Optional<ObjectFields> element(String elementPath, JsonNode element) {
        if (element instanceof ObjectNode nested) {
            return Optional.of(new ObjectFields(nested, elementPath, problems));
        }
        problems.add(elementPath, "must be an object");
        return Optional.empty();
    }

    private Optional<String> text(String name, int min, int max) {
        return textual(name).filter(value -> {
            int length = value.codePointCount(0, value.length());
            String rule = min > 0 ? "must have " + min + " to " + max : "must have at most " + max;
            return holds(name, length >= min && length <= max, rule + " characters");
        });
    }

    private Optional<String> textual(String name) {
        JsonNode value = get(name);
        if (value == null || !holds(name, value.isTextual(), "must be text")) {
            return Optional.empty();
        }
        String text = value.textValue();
        return holds(name, isStorable(text), "must hold neither a NUL character nor half of a surrogate pair")
                ? Optional.of(text)
                : Optional.empty();
    }

    /** JSON can write both; PostgreSQL can store neither as text. */
    private static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(codePoint -> codePoint == 0
                        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE));
    }

    private boolean require(String name) {
        return holds(name, object.has(name), REQUIRED);
    }

    private @Nullable JsonNode get(String name) {
        known.add(name);
        return object.get(name);
    }

    private boolean holds(String name, boolean fits, String rule) {
        if (!fits) {
            problems.add(at(name), rule);
        }
        return fits;
    }
}
