package io.orderledger.local.definitions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderledger.local.definitions.Node.Mapping;
import io.orderledger.local.definitions.Node.Scalar;
import io.orderledger.local.definitions.Node.Sequence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads event buses, rules, queues and queue policies. */
final class MessagingReader {

    private static final int MOST_RULE_RETRIES = 185;
    private static final int LEAST_EVENT_AGE_SECONDS = 60;
    private static final int MOST_EVENT_AGE_SECONDS = 86_400;
    private static final int MOST_VISIBILITY_SECONDS = 43_200;
    private static final int LEAST_RETENTION_SECONDS = 60;
    private static final int MOST_RETENTION_SECONDS = 1_209_600;
    private static final int MOST_DELAY_SECONDS = 900;
    private static final int MOST_WAIT_SECONDS = 20;

    private final Template template;
    private final Resolver resolver;
    private final ObjectMapper json = new ObjectMapper();

    MessagingReader(Template template) {
        this.template = template;
        this.resolver = template.resolver();
    }

    List<BusDefinition> buses() {
        return template.resources(ResourceType.BUS).stream().map(this::bus).toList();
    }

    List<RuleDefinition> rules() {
        return template.resources(ResourceType.RULE).stream().map(this::rule).toList();
    }

    List<QueueDefinition> queues() {
        return template.resources(ResourceType.QUEUE).stream().map(this::queue).toList();
    }

    List<QueuePolicyDefinition> queuePolicies() {
        return template.resources(ResourceType.QUEUE_POLICY).stream()
                .flatMap(resource -> queuePolicy(resource).stream())
                .toList();
    }

    private BusDefinition bus(Resource resource) {
        Fields fields = resource.fields(resolver);
        fields.text("Name");
        fields.without("it is told to people", "Description", "Tags");
        fields.without("calls on one machine come from one account", "Policy");
        fields.without("logs are not collected", "LogConfig");
        fields.refuseOthers();
        return new BusDefinition(
                resource.location(), resource.logicalId(), template.references().name(resource), arn(resource));
    }

    private RuleDefinition rule(Resource resource) {
        Fields fields = resource.fields(resolver);
        RuleDefinition rule = new RuleDefinition(
                resource.location(),
                fields.location("EventPattern"),
                resource.logicalId(),
                template.references().name(resource),
                arn(resource),
                fields.optionalText("EventBusName")
                        .map(StackReferences::busName)
                        .orElse("default"),
                text(fields.required("EventPattern")),
                enabled(fields),
                fields.listOfFields("Targets").stream().map(this::target).toList());
        if (rule.targets().isEmpty()) {
            throw new DefinitionException(resource.location(), "the rule has no Targets: nothing would ever happen");
        }
        fields.optionalText("Name");
        fields.without("it is told to people", "Description", "Tags");
        fields.without("calls on one machine are not authorised by identity policies", "RoleArn");
        fields.refuseOthers();
        return rule;
    }

    private static boolean enabled(Fields fields) {
        String state = fields.optionalText("State").orElse("ENABLED");
        return switch (state) {
            case "ENABLED" -> true;
            case "DISABLED" -> false;
            default ->
                throw new DefinitionException(
                        fields.location("State"), "the local run does not support the rule's state " + state);
        };
    }

    private TargetDefinition target(Fields fields) {
        Optional<Fields> retryPolicy = fields.optionalFields("RetryPolicy");
        int retries = retryPolicy
                .flatMap(policy -> policy.optionalInteger("MaximumRetryAttempts", 0, MOST_RULE_RETRIES))
                .orElse(TargetDefinition.DEFAULT_MAXIMUM_RETRY_ATTEMPTS);
        Duration age = retryPolicy
                .flatMap(policy -> policy.optionalInteger(
                        "MaximumEventAgeInSeconds", LEAST_EVENT_AGE_SECONDS, MOST_EVENT_AGE_SECONDS))
                .map(Duration::ofSeconds)
                .orElse(TargetDefinition.DEFAULT_MAXIMUM_EVENT_AGE);
        retryPolicy.ifPresent(Fields::refuseOthers);
        Optional<String> deadLetterQueue = fields.optionalFields("DeadLetterConfig")
                .map(config -> {
                    String arn = config.text("Arn");
                    config.refuseOthers();
                    return arn;
                });
        TargetDefinition target = new TargetDefinition(
                fields.location(), fields.text("Id"), fields.text("Arn"), retries, age, deadLetterQueue);
        fields.without("calls on one machine are not authorised by identity policies", "RoleArn");
        fields.refuseOthers();
        return target;
    }

    private QueueDefinition queue(Resource resource) {
        Fields fields = resource.fields(resolver);
        String url = Resolver.textOf(
                template.references().ref(resource.logicalId(), resource.location()), "the queue's URL");
        QueueDefinition queue = new QueueDefinition(
                resource.location(),
                resource.logicalId(),
                template.references().name(resource),
                arn(resource),
                url,
                seconds(
                        fields,
                        "VisibilityTimeout",
                        0,
                        MOST_VISIBILITY_SECONDS,
                        QueueDefinition.DEFAULT_VISIBILITY_TIMEOUT),
                seconds(
                        fields,
                        "MessageRetentionPeriod",
                        LEAST_RETENTION_SECONDS,
                        MOST_RETENTION_SECONDS,
                        QueueDefinition.DEFAULT_MESSAGE_RETENTION),
                seconds(fields, "DelaySeconds", 0, MOST_DELAY_SECONDS, Duration.ZERO),
                seconds(fields, "ReceiveMessageWaitTimeSeconds", 0, MOST_WAIT_SECONDS, Duration.ZERO));
        fields.optionalText("QueueName");
        fields.without("messages lie in a folder of this machine's user", "SqsManagedSseEnabled", "KmsMasterKeyId");
        fields.without("messages lie in a folder of this machine's user", "KmsDataKeyReusePeriodSeconds");
        fields.without("it is told to people", "Tags");
        fields.refuseOthers();
        return queue;
    }

    private static Duration seconds(Fields fields, String name, int least, int most, Duration otherwise) {
        return fields.optionalInteger(name, least, most)
                .map(Duration::ofSeconds)
                .orElse(otherwise);
    }

    private List<QueuePolicyDefinition> queuePolicy(Resource resource) {
        Fields fields = resource.fields(resolver);
        List<String> urls = texts(fields, "Queues");
        Fields document = fields.fields("PolicyDocument");
        List<QueuePolicyDefinition> statements = document.listOfFields("Statement").stream()
                .filter(statement -> statement.text("Effect").equals("Allow") || isTransportRule(statement))
                .filter(statement -> statement.text("Effect").equals("Allow"))
                .map(statement -> statement(statement, urls))
                .toList();
        document.without("there is one version of the language", "Version", "Id");
        document.refuseOthers();
        fields.refuseOthers();
        return statements;
    }

    /** The usual refusal of calls without TLS has no meaning on loopback; another Deny would be overlooked. */
    private static boolean isTransportRule(Fields statement) {
        boolean transport = statement
                .optionalFields("Condition")
                .flatMap(condition -> condition.optionalFields("Bool"))
                .map(bool -> bool.names().equals(Set.of("aws:SecureTransport")))
                .orElse(false);
        if (!transport) {
            throw new DefinitionException(
                    statement.location(), "the local run supports Deny in a queue policy only for aws:SecureTransport");
        }
        return true;
    }

    private QueuePolicyDefinition statement(Fields statement, List<String> urls) {
        Fields principal = statement.fields("Principal");
        List<String> sourceArns = statement
                .optionalFields("Condition")
                .map(MessagingReader::sourceArns)
                .orElse(List.of());
        QueuePolicyDefinition policy = new QueuePolicyDefinition(
                statement.location(),
                urls,
                texts(principal, "Service"),
                texts(statement, "Action"),
                texts(statement, "Resource"),
                sourceArns);
        principal.refuseOthers();
        statement.without("it is told to people", "Sid", "Effect");
        statement.refuseOthers();
        return policy;
    }

    private static List<String> sourceArns(Fields condition) {
        String operator = condition.has("ArnLike") ? "ArnLike" : "ArnEquals";
        Fields arn = condition.fields(operator);
        List<String> sources = texts(arn, "aws:SourceArn");
        if (sources.isEmpty()) {
            throw new DefinitionException(arn.location(), "aws:SourceArn lists nothing: nobody could send anything");
        }
        arn.refuseOthers();
        condition.optionalFields("StringEquals").ifPresent(equals -> {
            equals.without("there is one account", "aws:SourceAccount");
            equals.refuseOthers();
        });
        condition.refuseOthers();
        return sources;
    }

    /** One text, or a list of them. */
    private static List<String> texts(Fields fields, String name) {
        return switch (fields.required(name)) {
            case Scalar scalar -> List.of(Resolver.textOf(scalar, name));
            case Sequence sequence ->
                sequence.items().stream()
                        .map(item -> Resolver.textOf(item, name))
                        .toList();
            case Mapping mapping -> throw new DefinitionException(mapping.location(), name + " must be text or a list");
        };
    }

    private String text(Node node) {
        try {
            return json.writeValueAsString(node.toJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    private String arn(Resource resource) {
        return Resolver.textOf(
                template.references().attribute(resource.logicalId(), "Arn", resource.location()), "Arn");
    }
}
