package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sections of {@code template.yaml}, with parameters and conditions evaluated and {@code Globals} merged in. What a
 * resource's properties say is left to the readers of its type.
 */
final class Template implements Scope {

    static final String FILE = "template.yaml";

    private static final Set<String> TRANSFORMS = Set.of("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions");

    private final Path folder;
    private final StackContext context;
    private final Resolver resolver = new Resolver(this);
    private final Mapping root;
    private final Map<String, Node> parameters = new LinkedHashMap<>();
    private final Map<String, Entry> mappings;
    private final Conditions conditions;
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final StackReferences references;

    private Template(Path folder, StackContext context, Mapping root) {
        this.folder = folder;
        this.context = context;
        this.root = root;
        this.mappings = section("Mappings");
        this.conditions = new Conditions(section("Conditions"), resolver);
        this.references = new StackReferences(context, resources, resolver);
    }

    static Template read(Path folder, StackContext context) {
        Node node = YamlFile.read(folder.resolve(FILE), nameOf(folder, FILE), true);
        Template template = new Template(folder, context, Fields.mapping(node, "the template"));
        template.readSections();
        return template;
    }

    private void readSections() {
        Fields fields = new Fields(root, "the template", resolver);
        readTransforms(fields);
        fields.without("it is told to people and tools", "AWSTemplateFormatVersion", "Description", "Metadata");
        fields.without("they tell a person which parameters go together, before anything is deployed", "Rules");
        fields.without(
                "they are read below", "Parameters", "Mappings", "Conditions", "Globals", "Resources", "Outputs");
        fields.refuseOthers();
        parameters.putAll(Parameters.read(section("Parameters"), context, resolver, fields.location("Parameters")));
        conditions.evaluateAll();
        Globals globals = Globals.read(section("Globals"));
        Map<String, Entry> declared = section("Resources");
        declared.forEach((logicalId, entry) -> Resource.read(logicalId, entry, this, resolver)
                .map(globals::mergedInto)
                .ifPresent(resource -> resources.put(logicalId, resource)));
        new NameCheck(Set.copyOf(declared.keySet()), parameters.keySet()).check(declared, section("Outputs"));
    }

    private static void readTransforms(Fields fields) {
        List<Node> transforms = fields.optional("Transform")
                .map(node -> node instanceof Node.Sequence sequence ? sequence.items() : List.of(node))
                .orElse(List.of());
        for (Node transform : transforms) {
            String name = Resolver.textOf(transform, "a transform");
            if (!TRANSFORMS.contains(name)) {
                throw new DefinitionException(
                        transform.location(), "the local run does not support the transform " + name);
            }
        }
    }

    Resolver resolver() {
        return resolver;
    }

    StackReferences references() {
        return references;
    }

    Path folder() {
        return folder;
    }

    StackContext context() {
        return context;
    }

    /** The resources of one type, in the order of the file. */
    List<Resource> resources(String type) {
        return resources.values().stream()
                .filter(resource -> resource.type().name().equals(type))
                .toList();
    }

    List<Resource> customResources() {
        return resources.values().stream()
                .filter(resource -> resource.type().isCustom())
                .toList();
    }

    Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        section("Outputs").forEach((name, entry) -> {
            Fields fields = Fields.of(entry.value(), "the output " + name, resolver);
            Optional<String> condition = fields.optionalText("Condition");
            if (condition.isEmpty() || condition(condition.get(), fields.location("Condition"))) {
                outputs.put(name, fields.text("Value"));
            }
            fields.without("nothing is exported from one machine", "Value", "Description", "Export");
            fields.refuseOthers();
        });
        return outputs;
    }

    @Override
    public Node ref(String name, Location at) {
        Node parameter = parameters.get(name);
        if (parameter != null) {
            return parameter;
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            return attribute(name.substring(0, dot), name.substring(dot + 1), at);
        }
        return name.startsWith("AWS::") ? pseudoParameter(name, at) : references.ref(name, at);
    }

    private Scalar pseudoParameter(String name, Location at) {
        String value = switch (name) {
            case "AWS::AccountId" -> context.accountId();
            case "AWS::Partition" -> StackReferences.PARTITION;
            case "AWS::Region" -> context.region();
            case "AWS::StackName" -> context.stackName();
            case "AWS::StackId" ->
                "arn:" + StackReferences.PARTITION + ":cloudformation:" + context.region() + ":" + context.accountId()
                        + ":stack/" + context.stackName() + "/local";
            case "AWS::URLSuffix" -> "amazonaws.com";
            default -> throw new DefinitionException(at, "there is no pseudo parameter " + name + " here");
        };
        return new Scalar(at, value, Scalar.Type.TEXT);
    }

    @Override
    public Node attribute(String logicalId, String attribute, Location at) {
        return references.attribute(logicalId, attribute, at);
    }

    @Override
    public boolean condition(String name, Location at) {
        return conditions.holds(name, at);
    }

    @Override
    public Node findInMap(String map, String topLevelKey, String secondLevelKey, Location at) {
        Optional<Node> value = Optional.ofNullable(mappings.get(map))
                .flatMap(top -> Fields.mapping(top.value(), map).entry(topLevelKey))
                .flatMap(second -> Fields.mapping(second.value(), topLevelKey).entry(secondLevelKey))
                .map(Entry::value);
        return value.orElseThrow(() ->
                new DefinitionException(at, "there is no mapping " + map + "." + topLevelKey + "." + secondLevelKey));
    }

    @Override
    public Node include(String file, Location at) {
        return YamlFile.read(fileOf(file, at), nameOf(folder, file), false);
    }

    /** A file that the template names, which must lie in the template's folder. */
    Path fileOf(String file, Location at) {
        Path path = folder.resolve(file).normalize();
        if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
            throw new DefinitionException(at, "there is no file " + file + " beside the template");
        }
        return path;
    }

    /** The file as the user knows it: with the name of its folder. */
    static String nameOf(Path folder, String file) {
        return folder.toAbsolutePath().normalize().getFileName() + "/" + file;
    }

    private Map<String, Entry> section(String name) {
        return root.entry(name)
                .map(entry -> Fields.mapping(entry.value(), name).entries())
                .orElse(Map.of());
    }
}
