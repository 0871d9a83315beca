package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a YAML or JSON file into {@link Node}s. The short forms of intrinsic functions ({@code !Sub}) become their long
 * forms ({@code Fn::Sub}), so that whoever resolves them knows one form only.
 */
final class YamlFile {

    private static final Map<String, String> SHORT_FORMS = Map.of("!Ref", "Ref", "!Condition", "Condition");

    /**
     * Plain words that YAML 1.1 (CloudFormation, SAM) and YAML 1.2 (this reader) take for different values: booleans,
     * octal, hexadecimal and sexagesimal numbers, numbers with underscores.
     */
    private static final Pattern READ_DIFFERENTLY =
            Pattern.compile("(?i:yes|no|on|off|~)|True|TRUE|False|FALSE|Null|NULL|[-+]?0[0-9]+|[-+]?0[xob][0-9a-fA-F_]+"
                    + "|[-+]?[0-9]+(?::[0-5]?[0-9])+|[-+]?[0-9]*_[0-9_]+|\\+[0-9]+|[-+]?[.](?i:inf|nan)");

    private final String name;
    private final boolean shortFormsAllowed;

    private YamlFile(String name, boolean shortFormsAllowed) {
        this.name = name;
        this.shortFormsAllowed = shortFormsAllowed;
    }

    /**
     * @param name the file as the user knows it
     * @param shortFormsAllowed false for what {@code AWS::Include} takes in: CloudFormation reads long forms only there
     */
    static Node read(Path file, String name, boolean shortFormsAllowed) {
        return new YamlFile(name, shortFormsAllowed).parse(textOf(file, name));
    }

    static String textOf(Path file, String name) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new DefinitionException(name, 1, "the file cannot be read as UTF-8 text").causedBy(e);
        }
    }

    private Node parse(String text) {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            return new Compose(settings)
                    .composeString(text)
                    .map(this::convert)
                    .orElseThrow(() -> new DefinitionException(name, 1, "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new DefinitionException(name, line, "not valid YAML: " + e.getProblem()).causedBy(e);
        } catch (YamlEngineException e) {
            throw new DefinitionException(name, 1, "not valid YAML: " + e.getMessage()).causedBy(e);
        }
    }

    private Node convert(org.snakeyaml.engine.v2.nodes.Node node) {
        Location location = location(node.getStartMark());
        if (node.getAnchor().isPresent()) {
            throw new DefinitionException(
                    location, "CloudFormation takes no YAML anchors and aliases: repeat the value");
        }
        String tag = node.getTag().getValue();
        if (tag.startsWith("!")) {
            return longForm(tag, node, location);
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, location);
            case SequenceNode sequence -> sequence(sequence, location);
            case MappingNode mapping -> mapping(mapping, location);
            default -> throw new DefinitionException(location, "unexpected YAML " + node.getNodeType());
        };
    }

    private Node longForm(String tag, org.snakeyaml.engine.v2.nodes.Node node, Location location) {
        if (!shortFormsAllowed) {
            throw new DefinitionException(
                    location,
                    "AWS::Include takes no short forms: write Fn::" + tag.substring(1) + " instead of " + tag);
        }
        Node argument = switch (node) {
            case ScalarNode scalar -> new Scalar(textLocation(scalar, location), scalar.getValue(), Scalar.Type.TEXT);
            case SequenceNode sequence -> sequence(sequence, location);
            case MappingNode mapping -> mapping(mapping, location);
            default -> throw new DefinitionException(location, "unexpected YAML " + node.getNodeType());
        };
        String function = SHORT_FORMS.getOrDefault(tag, "Fn::" + tag.substring(1));
        return new Mapping(location, Map.of(function, new Entry(location, argument)));
    }

    private Scalar scalar(ScalarNode node, Location location) {
        Tag tag = node.getTag();
        if (node.isPlain() && READ_DIFFERENTLY.matcher(node.getValue()).matches()) {
            throw new DefinitionException(
                    location,
                    "'" + node.getValue() + "' means different things to different YAML readers: write true, false,"
                            + " null or a decimal number, or put it in quotes");
        }
        Scalar.Type type = Scalar.Type.TEXT;
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            type = Scalar.Type.NUMBER;
        } else if (tag.equals(Tag.BOOL)) {
            type = Scalar.Type.BOOLEAN;
        } else if (tag.equals(Tag.NULL)) {
            type = Scalar.Type.NULL;
        }
        return new Scalar(textLocation(node, location), node.getValue(), type);
    }

    /** The text of a block scalar begins on the line after its {@code |}. */
    private static Location textLocation(ScalarNode node, Location location) {
        ScalarStyle style = node.getScalarStyle();
        return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED
                ? new Location(location.file(), location.line() + 1)
                : location;
    }

    private Sequence sequence(SequenceNode node, Location location) {
        List<Node> items = new ArrayList<>();
        node.getValue().forEach(item -> items.add(convert(item)));
        return new Sequence(location, items);
    }

    private Mapping mapping(MappingNode node, Location location) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Location keyLocation = location(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)
                    || key.getValue().equals("<<")) {
                throw new DefinitionException(keyLocation, "a key must be plain text, and YAML merges are not taken");
            }
            Entry entry = new Entry(keyLocation, convert(tuple.getValueNode()));
            if (entries.putIfAbsent(key.getValue(), entry) != null) {
                throw new DefinitionException(keyLocation, "the key " + key.getValue() + " is there twice");
            }
        }
        return new Mapping(location, Collections.unmodifiableMap(entries));
    }

    private Location location(Optional<Mark> mark) {
        return new Location(name, mark.map(Mark::getLine).orElse(0) + 1);
    }
}
