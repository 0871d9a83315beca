package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Node.Scalar;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names, ARNs and IDs of resources, as CloudFormation would make them up. */
final class StackReferences {

    static final String PARTITION = "aws";

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-zA-Z]+)}");
    private static final int API_ID_LENGTH = 10;
    private static final int API_ID_RADIX = 36;
    private static final String DEFAULT_BUS = "default";

    private final StackContext context;
    private final Map<String, Resource> resources;
    private final Resolver resolver;
    private final Set<String> underway = new HashSet<>();

    StackReferences(StackContext context, Map<String, Resource> resources, Resolver resolver) {
        this.context = context;
        this.resources = resources;
        this.resolver = resolver;
    }

    Node ref(String logicalId, Location at) {
        Resource resource = find(logicalId, at);
        String pattern = resource.type()
                .ref()
                .orElseThrow(() -> new DefinitionException(
                        at, "the value of Ref " + logicalId + " is known only after the resource was made"));
        return expand(pattern, resource, at);
    }

    Node attribute(String logicalId, String attribute, Location at) {
        if (isRoleMadeBySam(logicalId) && attribute.equals("Arn")) {
            String arn = "arn:" + PARTITION + ":iam::" + context.accountId() + ":role/" + defaultName(logicalId);
            return new Scalar(at, arn, Scalar.Type.TEXT);
        }
        Resource resource = find(logicalId, at);
        String pattern = resource.type().attributes().get(attribute);
        if (pattern == null) {
            throw new DefinitionException(
                    at,
                    "the local run does not know the attribute " + attribute + " of " + logicalId + " ("
                            + resource.type().name() + ")");
        }
        return expand(pattern, resource, at);
    }

    String name(Resource resource) {
        return variable("name", resource, resource.location());
    }

    private Scalar expand(String pattern, Resource resource, Location at) {
        if (!underway.add(resource.logicalId())) {
            throw new DefinitionException(at, resource.logicalId() + " refers to itself");
        }
        try {
            String value = VARIABLE.matcher(pattern)
                    .replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1), resource, at)));
            return new Scalar(at, value, Scalar.Type.TEXT);
        } finally {
            underway.remove(resource.logicalId());
        }
    }

    private String variable(String variable, Resource resource, Location at) {
        return switch (variable) {
            case "partition" -> PARTITION;
            case "region" -> context.region();
            case "account" -> context.accountId();
            case "name" ->
                resource.type()
                        .nameProperty()
                        .flatMap(property -> property(resource, property))
                        .orElseGet(() -> defaultName(resource.logicalId()));
            case "alias" -> required(resource, "AutoPublishAlias", at);
            case "apiId" -> apiId(resource.logicalId());
            case "stage" -> required(resource, "StageName", at);
            case "queueUrl" -> context.queueUrl().apply(name(resource));
            case "ruleId" -> bus(resource).equals(DEFAULT_BUS) ? name(resource) : bus(resource) + "|" + name(resource);
            case "rulePath" ->
                bus(resource).equals(DEFAULT_BUS) ? name(resource) : bus(resource) + "/" + name(resource);
            default -> throw new IllegalStateException("no variable " + variable);
        };
    }

    private String bus(Resource rule) {
        return property(rule, "EventBusName").map(StackReferences::busName).orElse(DEFAULT_BUS);
    }

    /** A rule names its bus by name or by ARN. */
    static String busName(String nameOrArn) {
        return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
    }

    private Optional<String> property(Resource resource, String property) {
        return resource.properties()
                .entry(property)
                .map(Entry::value)
                .flatMap(resolver::resolve)
                .map(node -> Resolver.textOf(node, property));
    }

    private String required(Resource resource, String property, Location at) {
        return property(resource, property)
                .orElseThrow(() -> new DefinitionException(at, resource.logicalId() + " has no " + property));
    }

    /** CloudFormation adds a random suffix; a local stack exists once, so its names may stay the same for ever. */
    private String defaultName(String logicalId) {
        return context.stackName() + "-" + logicalId;
    }

    /** Ten lower-case letters and digits, the same for ever for the same API of the same stack. */
    private String apiId(String logicalId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(defaultName(logicalId).getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, digest)
                    .toString(API_ID_RADIX)
                    .substring(0, API_ID_LENGTH)
                    .toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Resource find(String logicalId, Location at) {
        Resource resource = resources.get(logicalId);
        if (resource == null) {
            throw new DefinitionException(at, "there is no parameter or resource " + logicalId);
        }
        return resource;
    }

    /** SAM makes a role for each function that has none of its own. */
    private boolean isRoleMadeBySam(String logicalId) {
        if (resources.containsKey(logicalId) || !logicalId.endsWith("Role")) {
            return false;
        }
        Resource function = resources.get(logicalId.substring(0, logicalId.length() - "Role".length()));
        return function != null
                && function.type().name().equals(ResourceType.FUNCTION)
                && !function.properties().entries().containsKey("Role");
    }
}
