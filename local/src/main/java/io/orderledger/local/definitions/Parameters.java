package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The template's parameters with the values they take in this run, checked as CloudFormation checks them. */
final class Parameters {

    private static final int LONGEST = 4096;

    private Parameters() {}

    static Map<String, Node> read(
            Map<String, Entry> declared, StackContext context, Resolver resolver, Location section) {
        Map<String, Node> values = new LinkedHashMap<>();
        declared.forEach((name, entry) -> values.put(name, value(name, entry, context, resolver)));
        context.parameters().keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new DefinitionException(
                            section, "there is no parameter " + name + ", but it was given a value");
                });
        return values;
    }

    private static Node value(String name, Entry entry, StackContext context, Resolver resolver) {
        Fields fields = Fields.of(entry.value(), "the parameter " + name, resolver);
        String type = fields.text("Type");
        String text = Optional.ofNullable(context.parameters().get(name))
                .or(() -> fields.optionalText("Default"))
                .orElseThrow(
                        () -> new DefinitionException(entry.location(), "the parameter " + name + " has no value"));
        boolean isList = type.equals("CommaDelimitedList") || type.startsWith("List<");
        List<String> items =
                isList ? Arrays.stream(text.split(",", -1)).map(String::strip).toList() : List.of(text);
        // Patterns and allowed values are for each item of a list.
        items.forEach(item -> check(name, item, fields, entry.location()));
        fields.optionalText("Default");
        fields.without("it is told to people", "Description", "ConstraintDescription", "NoEcho");
        fields.refuseOthers();
        if (isList) {
            return new Sequence(
                    entry.location(),
                    items.stream()
                            .<Node>map(item -> new Scalar(entry.location(), item, Scalar.Type.TEXT))
                            .toList());
        }
        if (type.equals("Number") && !text.matches("-?[0-9]+([.][0-9]+)?")) {
            throw new DefinitionException(entry.location(), "the parameter " + name + " must be a number");
        }
        if (type.startsWith("AWS::SSM::")) {
            throw new DefinitionException(fields.location("Type"), "the local run has no parameter store: " + type);
        }
        return new Scalar(entry.location(), text, Scalar.Type.TEXT);
    }

    private static void check(String name, String text, Fields fields, Location at) {
        List<String> allowed = fields.items("AllowedValues").stream()
                .map(node -> Resolver.textOf(node, "an allowed value"))
                .toList();
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            throw new DefinitionException(at, "the parameter " + name + " must be one of " + allowed);
        }
        fields.optionalText("AllowedPattern").ifPresent(pattern -> {
            if (!Pattern.compile(pattern).matcher(text).matches()) {
                throw new DefinitionException(at, "the parameter " + name + " must match " + pattern);
            }
        });
        int least = fields.optionalInteger("MinLength", 0, LONGEST).orElse(0);
        int most = fields.optionalInteger("MaxLength", 0, LONGEST).orElse(LONGEST);
        if (text.length() < least || text.length() > most) {
            throw new DefinitionException(
                    at, "the parameter " + name + " must have from " + least + " to " + most + " characters");
        }
        int smallest = fields.optionalInteger("MinValue", Integer.MIN_VALUE, Integer.MAX_VALUE)
                .orElse(Integer.MIN_VALUE);
        int largest = fields.optionalInteger("MaxValue", Integer.MIN_VALUE, Integer.MAX_VALUE)
                .orElse(Integer.MAX_VALUE);
        if (fields.has("MinValue") || fields.has("MaxValue")) {
            int number = Fields.integer(new Scalar(at, text, Scalar.Type.TEXT), "the parameter " + name);
            if (number < smallest || number > largest) {
                throw new DefinitionException(
                        at, "the parameter " + name + " must be from " + smallest + " to " + largest);
            }
        }
    }
}
