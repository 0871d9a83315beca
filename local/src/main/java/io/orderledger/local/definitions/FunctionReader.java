package io.orderledger.local.definitions;

import io.orderledger.local.definitions.FunctionDefinition.AsynchronousInvocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code AWS::Serverless::Function} and {@code AWS::Lambda::Permission}. */
final class FunctionReader {

    private static final int MOST_TIMEOUT_SECONDS = 900;
    private static final int DEFAULT_TIMEOUT_SECONDS = 3;
    private static final int LEAST_MEMORY_MEGABYTES = 128;
    private static final int MOST_MEMORY_MEGABYTES = 10_240;
    private static final int MOST_CONCURRENCY = 1_000;
    private static final int MOST_ASYNCHRONOUS_RETRIES = 2;
    private static final int LEAST_EVENT_AGE_SECONDS = 60;
    private static final int MOST_EVENT_AGE_SECONDS = 21_600;

    private final Template template;
    private final List<Resource> resources;
    private final List<PermissionDefinition> permissions;

    FunctionReader(Template template) {
        this.template = template;
        this.resources = template.resources(ResourceType.FUNCTION);
        this.permissions = template.resources(ResourceType.PERMISSION).stream()
                .map(this::permission)
                .toList();
    }

    List<FunctionDefinition> functions() {
        return resources.stream().map(this::function).toList();
    }

    private FunctionDefinition function(Resource resource) {
        Fields fields = resource.fields(template.resolver());
        String arn = arn(resource);
        Optional<String> alias = fields.optionalText("AutoPublishAlias");
        FunctionDefinition function = new FunctionDefinition(
                resource.location(),
                resource.logicalId(),
                template.references().name(resource),
                arn,
                alias,
                handler(fields),
                environment(fields),
                Duration.ofSeconds(fields.optionalInteger("Timeout", 1, MOST_TIMEOUT_SECONDS)
                        .orElse(DEFAULT_TIMEOUT_SECONDS)),
                fields.optionalInteger("MemorySize", LEAST_MEMORY_MEGABYTES, MOST_MEMORY_MEGABYTES)
                        .orElse(LEAST_MEMORY_MEGABYTES),
                fields.optionalInteger("ReservedConcurrentExecutions", 0, MOST_CONCURRENCY)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                asynchronous(fields),
                permissions.stream()
                        .filter(permission -> permission.functionArn().equals(arn)
                                || alias.map(name -> permission.functionArn().equals(arn + ":" + name))
                                        .orElse(false))
                        .toList());
        fields.optionalText("FunctionName");
        fields.without(
                "the code is the one that was built with this command line", "CodeUri", "Runtime", "Architectures");
        fields.without("the class is on the command line's own class path", "PackageType", "Layers");
        fields.without("handlers run in this JVM, started once", "SnapStart", "AutoPublishAliasAllProperties");
        fields.without(
                "a version is published with every deployment only", "VersionDescription", "AutoPublishCodeSha256");
        fields.without("calls on one machine are not authorised by identity policies", "Role", "Policies");
        fields.without("calls on one machine are not authorised by identity policies", "PermissionsBoundary");
        fields.without("everything listens on this machine's loopback address", "VpcConfig");
        fields.without("logs and traces are not collected", "LoggingConfig", "Tracing");
        fields.without("they are told to people", "Description", "Tags", "PropagateTags");
        fields.refuseOthers();
        return function;
    }

    private static String handler(Fields fields) {
        String handler = fields.text("Handler");
        int method = handler.indexOf("::");
        if (method >= 0 && !handler.substring(method).equals("::handleRequest")) {
            throw new DefinitionException(fields.location("Handler"), "only the method handleRequest is supported");
        }
        return method < 0 ? handler : handler.substring(0, method);
    }

    private static Map<String, String> environment(Fields fields) {
        return fields.optionalFields("Environment")
                .map(environment -> {
                    Map<String, String> variables = environment.texts("Variables");
                    environment.refuseOthers();
                    return variables;
                })
                .orElse(Map.of());
    }

    private AsynchronousInvocation asynchronous(Fields fields) {
        AsynchronousInvocation defaults = AsynchronousInvocation.DEFAULT;
        if (fields.has("DeadLetterQueue")) {
            throw new DefinitionException(
                    fields.location("DeadLetterQueue"),
                    "the local run does not support DeadLetterQueue: use EventInvokeConfig's OnFailure destination");
        }
        return fields.optionalFields("EventInvokeConfig")
                .map(config -> {
                    AsynchronousInvocation asynchronous = new AsynchronousInvocation(
                            config.optionalInteger("MaximumRetryAttempts", 0, MOST_ASYNCHRONOUS_RETRIES)
                                    .orElse(defaults.maximumRetryAttempts()),
                            config.optionalInteger(
                                            "MaximumEventAgeInSeconds", LEAST_EVENT_AGE_SECONDS, MOST_EVENT_AGE_SECONDS)
                                    .map(Duration::ofSeconds)
                                    .orElse(defaults.maximumEventAge()),
                            config.optionalFields("DestinationConfig").flatMap(FunctionReader::onFailure));
                    config.refuseOthers();
                    return asynchronous;
                })
                .orElse(defaults);
    }

    private static Optional<String> onFailure(Fields destinations) {
        Optional<String> arn = destinations.optionalFields("OnFailure").map(onFailure -> {
            String type = onFailure.text("Type");
            if (!type.equals("SQS")) {
                throw new DefinitionException(
                        onFailure.location("Type"), "the local run does not support destinations of type " + type);
            }
            String destination = onFailure.text("Destination");
            onFailure.refuseOthers();
            return destination;
        });
        destinations.refuseOthers();
        return arn;
    }

    private PermissionDefinition permission(Resource resource) {
        Fields fields = resource.fields(template.resolver());
        String named = fields.text("FunctionName");
        PermissionDefinition permission = new PermissionDefinition(
                resource.location(),
                functionArn(named, fields.location("FunctionName")),
                fields.text("Action"),
                fields.text("Principal"),
                fields.optionalText("SourceArn"));
        fields.without("there is one account", "SourceAccount");
        fields.refuseOthers();
        return permission;
    }

    /** A permission names its function by name, by name and alias, or by ARN. */
    private String functionArn(String named, Location at) {
        if (named.startsWith("arn:")) {
            return named;
        }
        int colon = named.indexOf(':');
        String name = colon < 0 ? named : named.substring(0, colon);
        Resource function = resources.stream()
                .filter(resource -> template.references().name(resource).equals(name))
                .findFirst()
                .orElseThrow(() -> new DefinitionException(at, "there is no function " + name));
        return arn(function) + (colon < 0 ? "" : named.substring(colon));
    }

    private String arn(Resource resource) {
        return Resolver.textOf(
                template.references().attribute(resource.logicalId(), "Arn", resource.location()), "Arn");
    }
}
