package io.orderledger.local.definitions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Resolves intrinsic functions as CloudFormation does. A function that is not known here is refused, never passed on.
 * Values keep the place of the function that made them.
 */
final class Resolver {

    static final String NO_VALUE = "AWS::NoValue";

    private static final String TRANSFORM = "Fn::Transform";
    static final Pattern SUB_VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

    private final Scope scope;
    private final ObjectMapper json = new ObjectMapper();

    Resolver(Scope scope) {
        this.scope = scope;
    }

    /** The value with every function in it resolved; empty when it is {@code AWS::NoValue}. */
    Optional<Node> resolve(Node node) {
        return switch (node) {
            case Scalar scalar -> Optional.of(scalar);
            case Sequence sequence -> Optional.of(new Sequence(sequence.location(), resolveAll(sequence.items())));
            case Mapping mapping -> resolveMapping(mapping);
        };
    }

    /** As {@link #resolve}, for a place where there must be a value. */
    Node resolveRequired(Node node) {
        return resolve(node).orElseThrow(() -> new DefinitionException(node.location(), "there must be a value here"));
    }

    /** The function that a mapping stands for, if it stands for one. */
    static Optional<String> functionOf(Node node) {
        if (!(node instanceof Mapping mapping) || mapping.entries().size() != 1) {
            return Optional.empty();
        }
        String key = mapping.entries().keySet().iterator().next();
        return key.equals("Ref") || key.startsWith("Fn::") ? Optional.of(key) : Optional.empty();
    }

    private List<Node> resolveAll(List<Node> items) {
        return items.stream().map(this::resolve).flatMap(Optional::stream).toList();
    }

    private Optional<Node> resolveMapping(Mapping mapping) {
        Optional<String> function = functionOf(mapping);
        if (function.isPresent()) {
            return mapping.entry(function.get())
                    .flatMap(entry -> apply(function.get(), entry.value(), entry.location()));
        }
        Map<String, Entry> resolved = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            if (key.equals(TRANSFORM)) {
                resolved.putAll(included(entry.value()).entries());
            } else if (key.startsWith("Fn::")) {
                throw new DefinitionException(entry.location(), key + " must stand alone");
            } else {
                resolve(entry.value()).ifPresent(value -> resolved.put(key, new Entry(entry.location(), value)));
            }
        });
        return Optional.of(new Mapping(mapping.location(), Collections.unmodifiableMap(resolved)));
    }

    private Optional<Node> apply(String function, Node argument, Location at) {
        return switch (function) {
            case "Ref" -> ref(argument, at);
            case "Fn::If" -> chooseBranch(argument, at);
            case TRANSFORM -> Optional.of(included(argument));
            case "Fn::GetAtt" -> Optional.of(attribute(argument, at));
            case "Fn::Sub" -> Optional.of(sub(argument, at));
            case "Fn::Join" -> Optional.of(join(argument, at));
            case "Fn::Split" -> Optional.of(split(argument, at));
            case "Fn::Select" -> Optional.of(select(argument, at));
            case "Fn::FindInMap" -> Optional.of(findInMap(argument, at));
            case "Fn::Base64" -> Optional.of(base64(argument, at));
            case "Fn::ToJsonString" -> Optional.of(jsonString(argument, at));
            default -> throw new DefinitionException(at, "the function " + function + " is not supported here");
        };
    }

    private Optional<Node> ref(Node argument, Location at) {
        String name = textOf(argument, "the name that Ref takes");
        return name.equals(NO_VALUE) ? Optional.empty() : Optional.of(scope.ref(name, at));
    }

    private Optional<Node> chooseBranch(Node argument, Location at) {
        List<Node> arguments = arguments("Fn::If", argument, at, 3);
        String condition = textOf(arguments.getFirst(), "the condition that Fn::If takes");
        return resolve(arguments.get(scope.condition(condition, at) ? 1 : 2));
    }

    private Mapping included(Node argument) {
        Mapping transform = Fields.mapping(argument, TRANSFORM);
        Fields fields = new Fields(transform, TRANSFORM, this);
        String name = fields.text("Name");
        if (!name.equals("AWS::Include")) {
            throw new DefinitionException(transform.location(), "the transform " + name + " is not supported here");
        }
        Fields parameters = fields.fields("Parameters");
        Node location = parameters.required("Location");
        parameters.refuseOthers();
        fields.refuseOthers();
        Node content = scope.include(textOf(location, "the file that AWS::Include takes"), location.location());
        return Fields.mapping(resolveRequired(content), "an included file");
    }

    private Node attribute(Node argument, Location at) {
        if (argument instanceof Scalar scalar) {
            int dot = scalar.text().indexOf('.');
            if (dot < 0) {
                throw new DefinitionException(at, "Fn::GetAtt takes a resource and an attribute: Resource.Attribute");
            }
            return scope.attribute(
                    scalar.text().substring(0, dot), scalar.text().substring(dot + 1), at);
        }
        List<Node> items = resolveAll(arguments("Fn::GetAtt", argument, at, 2));
        return scope.attribute(textOf(items.get(0), "the resource"), textOf(items.get(1), "the attribute"), at);
    }

    private Scalar sub(Node argument, Location at) {
        if (argument instanceof Scalar scalar) {
            return substituted(scalar, Map.of());
        }
        List<Node> arguments = arguments("Fn::Sub", argument, at, 2);
        Mapping variables = Fields.mapping(arguments.get(1), "the variables of Fn::Sub");
        Map<String, String> values = new LinkedHashMap<>();
        variables
                .entries()
                .forEach((name, entry) -> values.put(
                        name, textOf(resolveRequired(entry.value()), "the variable " + name + " of Fn::Sub")));
        if (!(arguments.getFirst() instanceof Scalar text)) {
            throw new DefinitionException(at, "the first argument of Fn::Sub must be text");
        }
        return substituted(text, values);
    }

    private Scalar substituted(Scalar template, Map<String, String> values) {
        Matcher matcher = SUB_VARIABLE.matcher(template.text());
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(2).strip();
            int linesBefore = (int) template.text()
                    .substring(0, matcher.start())
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            Location at =
                    new Location(template.location().file(), template.location().line() + linesBefore);
            String value = matcher.group(1).isEmpty()
                    ? values.containsKey(name) ? values.getOrDefault(name, "") : variable(name, at)
                    : "${" + matcher.group(2) + "}";
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(result);
        return new Scalar(template.location(), result.toString(), Scalar.Type.TEXT);
    }

    private String variable(String name, Location at) {
        int dot = name.indexOf('.');
        Node value =
                dot < 0 ? scope.ref(name, at) : scope.attribute(name.substring(0, dot), name.substring(dot + 1), at);
        return textOf(value, "${" + name + "}");
    }

    private Scalar join(Node argument, Location at) {
        List<Node> items = arguments("Fn::Join", argument, at, 2);
        String delimiter = textOf(items.get(0), "the delimiter of Fn::Join");
        String joined = listOf(items.get(1), "Fn::Join").stream()
                .map(item -> textOf(item, "an item of Fn::Join"))
                .collect(Collectors.joining(delimiter));
        return new Scalar(at, joined, Scalar.Type.TEXT);
    }

    private Sequence split(Node argument, Location at) {
        List<Node> items = arguments("Fn::Split", argument, at, 2);
        String delimiter = textOf(items.get(0), "the delimiter of Fn::Split");
        String text = textOf(resolveRequired(items.get(1)), "the text that Fn::Split takes");
        List<Node> parts = Arrays.stream(text.split(Pattern.quote(delimiter), -1))
                .<Node>map(part -> new Scalar(at, part, Scalar.Type.TEXT))
                .toList();
        return new Sequence(at, parts);
    }

    private Node select(Node argument, Location at) {
        List<Node> items = arguments("Fn::Select", argument, at, 2);
        int index = Fields.integer(resolveRequired(items.get(0)), "the index of Fn::Select");
        List<Node> choices = listOf(items.get(1), "Fn::Select");
        if (index < 0 || index >= choices.size()) {
            throw new DefinitionException(at, "Fn::Select asks for item " + index + " of " + choices.size());
        }
        return choices.get(index);
    }

    private Node findInMap(Node argument, Location at) {
        List<Node> keys = arguments("Fn::FindInMap", argument, at, 3);
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(textOf(resolveRequired(key), "a key of Fn::FindInMap")));
        return scope.findInMap(names.get(0), names.get(1), names.get(2), at);
    }

    private Scalar base64(Node argument, Location at) {
        String text = textOf(resolveRequired(argument), "the text that Fn::Base64 takes");
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return new Scalar(at, encoded, Scalar.Type.TEXT);
    }

    private Scalar jsonString(Node argument, Location at) {
        try {
            String text = json.writeValueAsString(resolveRequired(argument).toJson());
            return new Scalar(at, text, Scalar.Type.TEXT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    private List<Node> listOf(Node argument, String function) {
        return switch (resolveRequired(argument)) {
            case Sequence sequence -> sequence.items();
            case Node other ->
                throw new DefinitionException(other.location(), function + " takes a list, not " + other.kind());
        };
    }

    /** {@code Fn::Select}, {@code Fn::Split} and the like take a fixed number of arguments. */
    private static List<Node> arguments(String function, Node argument, Location at, int count) {
        if (!(argument instanceof Sequence sequence) || sequence.items().size() != count) {
            throw new DefinitionException(at, function + " takes a list of " + count + " arguments");
        }
        return sequence.items();
    }

    static String textOf(Node node, String what) {
        if (node instanceof Scalar scalar && scalar.type() != Scalar.Type.NULL) {
            return scalar.text();
        }
        throw new DefinitionException(node.location(), what + " must be text, not " + node.kind());
    }
}
