package io.orderledger.local.definitions;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the local run knows of a CloudFormation resource type. A type that is not in {@link #ALL} stops the start. To add one
 * that has no effect here is to add one line with the reason; what {@code Ref} and {@code Fn::GetAtt} of it give may be
 * said in the same line.
 *
 * <p>Values are patterns: {@code {name}} is the physical name, {@code {partition}}, {@code {region}} and {@code
 * {account}} are the deployment's; some types have variables of their own, see {@link StackReferences}.
 *
 * @param inertBecause why the resource has no effect in the local run; empty for a type that is executed
 * @param nameProperty the property that sets the physical name
 */
record ResourceType(
        String name,
        Optional<String> inertBecause,
        Optional<String> nameProperty,
        Optional<String> ref,
        Map<String, String> attributes) {

    static final String API = "AWS::Serverless::Api";
    static final String BUS = "AWS::Events::EventBus";
    static final String FUNCTION = "AWS::Serverless::Function";
    static final String PERMISSION = "AWS::Lambda::Permission";
    static final String QUEUE = "AWS::SQS::Queue";
    static final String QUEUE_POLICY = "AWS::SQS::QueuePolicy";
    static final String RULE = "AWS::Events::Rule";
    static final String SCHEDULE = "AWS::Scheduler::Schedule";
    static final String STATE_MACHINE = "AWS::Serverless::StateMachine";

    private static final String NO_IAM = "calls within one machine are not authorised by identity policies";
    private static final String NO_NETWORK = "everything listens on this machine's loopback address";
    private static final String NO_KEYS = "the local run asks nobody for an API key, and only keys have usage plans";
    private static final String NO_FIREWALL = "requests come from this machine only";
    private static final String NO_CLOUDWATCH = "logs and metrics are not collected";
    private static final String NO_ARCHIVE =
            "nobody replays an archive here; what a replay delivers is what PutEvents delivers, twice";
    private static final String OWN_HEADS =
            "the local run exports tree heads by itself, with a key and a folder of its own";

    static final Map<String, ResourceType> ALL = Stream.of(
                    executed(API).ref("{apiId}").attribute("Stage", "{stage}").attribute("RootResourceId", "{apiId}"),
                    executed(BUS)
                            .named("Name")
                            .attribute("Name", "{name}")
                            .attribute("Arn", "arn:{partition}:events:{region}:{account}:event-bus/{name}"),
                    executed(FUNCTION)
                            .named("FunctionName")
                            .attribute("Arn", "arn:{partition}:lambda:{region}:{account}:function:{name}")
                            .attribute("Alias", "arn:{partition}:lambda:{region}:{account}:function:{name}:{alias}"),
                    executed(PERMISSION),
                    executed(QUEUE)
                            .named("QueueName")
                            .ref("{queueUrl}")
                            .attribute("Arn", "arn:{partition}:sqs:{region}:{account}:{name}")
                            .attribute("QueueName", "{name}")
                            .attribute("QueueUrl", "{queueUrl}"),
                    executed(QUEUE_POLICY),
                    executed(RULE)
                            .named("Name")
                            .ref("{ruleId}")
                            .attribute("Arn", "arn:{partition}:events:{region}:{account}:rule/{rulePath}"),
                    executed(SCHEDULE).named("Name"),
                    executed(STATE_MACHINE)
                            .named("Name")
                            .ref("arn:{partition}:states:{region}:{account}:stateMachine:{name}")
                            .attribute("Arn", "arn:{partition}:states:{region}:{account}:stateMachine:{name}")
                            .attribute("Name", "{name}"),
                    inert("AWS::ApiGateway::Account", NO_CLOUDWATCH),
                    inert("AWS::ApiGateway::ApiKey", NO_KEYS),
                    inert("AWS::ApiGateway::UsagePlan", NO_KEYS),
                    inert("AWS::ApiGateway::UsagePlanKey", NO_KEYS),
                    inert("AWS::CloudWatch::Alarm", NO_CLOUDWATCH).named("AlarmName"),
                    inert("AWS::CloudWatch::CompositeAlarm", NO_CLOUDWATCH).named("AlarmName"),
                    inert("AWS::CloudWatch::Dashboard", NO_CLOUDWATCH).named("DashboardName"),
                    inert("AWS::EC2::SecurityGroup", NO_NETWORK).attribute("GroupId", "sg-{name}"),
                    inert("AWS::EC2::SecurityGroupEgress", NO_NETWORK),
                    inert("AWS::EC2::SecurityGroupIngress", NO_NETWORK),
                    inert("AWS::EC2::Subnet", NO_NETWORK),
                    inert("AWS::EC2::VPC", NO_NETWORK),
                    inert("AWS::EC2::VPCEndpoint", NO_NETWORK),
                    inert("AWS::Events::Archive", NO_ARCHIVE)
                            .named("ArchiveName")
                            .attribute("Arn", "arn:{partition}:events:{region}:{account}:archive/{name}"),
                    inert("AWS::Events::EventBusPolicy", NO_IAM),
                    inert("AWS::IAM::ManagedPolicy", NO_IAM),
                    inert("AWS::IAM::Policy", NO_IAM),
                    inert("AWS::IAM::Role", NO_IAM)
                            .named("RoleName")
                            .attribute("Arn", "arn:{partition}:iam::{account}:role/{name}"),
                    inert("AWS::KMS::Key", OWN_HEADS)
                            .attribute("Arn", "arn:{partition}:kms:{region}:{account}:key/{name}")
                            .attribute("KeyId", "{name}"),
                    inert("AWS::Logs::LogGroup", NO_CLOUDWATCH)
                            .named("LogGroupName")
                            .attribute("Arn", "arn:{partition}:logs:{region}:{account}:log-group:{name}:*"),
                    inert("AWS::S3::Bucket", OWN_HEADS)
                            .named("BucketName")
                            .attribute("Arn", "arn:{partition}:s3:::{name}"),
                    inert("AWS::S3::BucketPolicy", OWN_HEADS),
                    inert("AWS::WAFv2::WebACL", NO_FIREWALL)
                            .attribute("Arn", "arn:{partition}:wafv2:{region}:{account}:regional/webacl/{name}"),
                    inert("AWS::WAFv2::WebACLAssociation", NO_FIREWALL))
            .collect(Collectors.toUnmodifiableMap(ResourceType::name, Function.identity()));

    private static final String CUSTOM = "Custom::";

    /** A custom resource is executed: its function is invoked. Its attributes are only known after that. */
    static Optional<ResourceType> of(String name) {
        if (name.startsWith(CUSTOM) || name.equals("AWS::CloudFormation::CustomResource")) {
            return Optional.of(new ResourceType(name, Optional.empty(), Optional.empty(), Optional.empty(), Map.of()));
        }
        return Optional.ofNullable(ALL.get(name));
    }

    boolean isCustom() {
        return !ALL.containsKey(name);
    }

    private static ResourceType executed(String name) {
        return new ResourceType(name, Optional.empty(), Optional.empty(), Optional.of("{name}"), Map.of());
    }

    private static ResourceType inert(String name, String reason) {
        return new ResourceType(name, Optional.of(reason), Optional.empty(), Optional.of("{name}"), Map.of());
    }

    private ResourceType named(String property) {
        return new ResourceType(name, inertBecause, Optional.of(property), ref, attributes);
    }

    private ResourceType ref(String pattern) {
        return new ResourceType(name, inertBecause, nameProperty, Optional.of(pattern), attributes);
    }

    private ResourceType attribute(String attribute, String pattern) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(attribute, pattern);
        return new ResourceType(name, inertBecause, nameProperty, ref, more);
    }
}
