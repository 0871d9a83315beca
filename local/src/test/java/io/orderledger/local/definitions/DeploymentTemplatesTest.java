package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The templates beside the application's fit to it and to one another, where no tool of AWS's looks before a deployment. */
class DeploymentTemplatesTest {
    private static final Path SAM = Path.of("../sam");
    private static final Path RUNBOOKS = Path.of("../docs/operations.md");

    /** What the stack finds out, or makes, in place of asking for it. */
    private static final Set<String> DERIVED = Set.of(
            "DatabaseProxyEndpoint",
            "DatabaseProxyResourceId",
            "DatabaseWriterEndpoint",
            "DatabaseClusterResourceId",
            "DatabasePort",
            "SubnetIds",
            "SecurityGroupIds",
            "MigrationSecurityGroupIds");

    /** Reached without the network: Lambda itself, the proxy in the same network, and tokens that are signed in the function. */
    private static final Set<String> NEEDS_NO_ENDPOINT = Set.of("rds-db", "logs", "xray");

    /** Of a function's role; what SQS gets on its behalf comes from Lambda. */
    private static final String ON_FAILURE_DESTINATION = "sqs:SendMessage";

    private final JsonNode stack = read("stack.yaml");
    private final JsonNode application = read("template.yaml");

    @Test
    void the_stack_asks_for_every_parameter_of_the_application_that_it_does_not_derive_and_passes_it_on() {
        Map<String, JsonNode> parameters = fields(application.path("Parameters"));

        assertThat(names(stack.at("/Resources/Application/Properties/Parameters")))
                .isEqualTo(parameters.keySet());
        parameters.forEach((name, definition) -> {
            if (!DERIVED.contains(name)) {
                assertThat(stack.path("Parameters").path(name)).as(name).isEqualTo(definition);
                String value = "/Resources/Application/Properties/Parameters/" + name;
                // A nested stack takes a list as text.
                boolean isList = definition.path("Type").asText().equals("CommaDelimitedList");
                assertThat(stack.at(isList ? value + "/Fn::Join/1/Ref" : value + "/Ref")
                                .asText())
                        .isEqualTo(name);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Network", "Database", "Application", "Operations"})
    void a_part_gets_the_parameters_that_it_asks_for_and_no_others(String part) {
        JsonNode resource = stack.at("/Resources/" + part + "/Properties");
        Map<String, JsonNode> asked =
                fields(read(resource.path("Location").asText()).path("Parameters"));

        assertThat(asked.keySet()).containsAll(names(resource.path("Parameters")));
        assertThat(names(resource.path("Parameters")))
                .containsAll(asked.entrySet().stream()
                        .filter(parameter -> !parameter.getValue().has("Default"))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @Test
    void what_the_stack_takes_from_a_part_is_an_output_of_it() {
        List<String> references = Pattern.compile("\"Fn::GetAtt\":\"(\\w+)\\.Outputs\\.(\\w+)\"")
                .matcher(stack.toString())
                .results()
                .map(match -> match.group(1) + "." + match.group(2))
                .toList();

        Set<String> outputs = fields(stack.path("Resources")).entrySet().stream()
                .filter(part -> part.getValue().at("/Properties/Location").isTextual())
                .flatMap(part ->
                        names(read(part.getValue().at("/Properties/Location").asText())
                                        .path("Outputs"))
                                .stream()
                                .map(output -> part.getKey() + "." + output))
                .collect(Collectors.toSet());
        assertThat(references)
                .hasSizeGreaterThan(30)
                .allSatisfy(reference -> assertThat(outputs).contains(reference));
    }

    /** CloudFormation itself calls the functions of custom resources, and means their newest code. */
    @Test
    void whoever_calls_a_function_calls_an_alias_of_published_versions() {
        Map<String, JsonNode> called = functions(application);
        called.remove("MigrateFunction");

        assertThat(elements(application.path("Transform")))
                .extracting(JsonNode::asText)
                .as("without the first, other values of parameters give no new version")
                .containsExactly("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31");
        String text = application.toString() + read("api.yaml");
        assertThat(called).hasSizeGreaterThanOrEqualTo(8).allSatisfy((name, function) -> {
            JsonNode properties = function.path("Properties");
            assertThat(properties.path("AutoPublishAlias").asText()).isEqualTo("live");
            assertThat(properties.path("AutoPublishAliasAllProperties").asBoolean())
                    .isTrue();
            assertThat(properties.at("/SnapStart/ApplyOn/Fn::If/0").asText()).isEqualTo("StartsFromSnapshots");
            assertThat(text).doesNotContain(name + ".Arn").containsPattern(name + "\\.?Alias");
        });
    }

    @Test
    void the_api_waits_for_the_versions_that_read_what_it_stores() {
        assertThat(elements(application.at("/Resources/OrderApi/DependsOn")))
                .extracting(JsonNode::asText)
                .contains(
                        "CreateOrderFunctionAliaslive",
                        "CancelOrderFunctionAliaslive",
                        "ReplayDeadLettersFunctionAliaslive");
    }

    @Test
    void the_proxy_signs_in_as_every_user_that_a_function_signs_in_as_and_as_no_other() {
        Set<String> users = functions(application).values().stream()
                .map(function -> function.at("/Properties/Environment/Variables/PGUSER"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> admitted = elements(read("database.yaml")
                        .at("/Resources/ProxyRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource"))
                .stream()
                .map(arn -> arn.path("Fn::Sub").asText())
                .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(users).contains("ledger_recorder", "ledger_keeper", "ledger_reader");
        assertThat(admitted).isEqualTo(users);
    }

    @Test
    void every_service_that_a_function_may_call_has_an_endpoint_in_a_network_without_a_way_out() {
        Set<String> services = new TreeSet<>();
        functions(application).values().forEach(function -> {
            String role = function.at("/Properties/Role/Fn::GetAtt").asText().replace(".Arn", "");
            actions(application.path("Resources").path(role)).stream()
                    .filter(action -> !action.equals(ON_FAILURE_DESTINATION))
                    .map(action -> action.substring(0, action.indexOf(':')))
                    .filter(service -> !NEEDS_NO_ENDPOINT.contains(service))
                    .forEach(services::add);
        });

        Set<String> endpoints = fields(read("network.yaml").path("Resources")).values().stream()
                .filter(resource -> resource.path("Type").asText().equals("AWS::EC2::VPCEndpoint"))
                .map(endpoint -> endpoint.at("/Properties/ServiceName/Fn::Sub").asText())
                .map(service -> service.substring(service.lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
        assertThat(services).contains("sqs");
        // Custom resources answer to S3.
        assertThat(endpoints).containsAll(services).contains("s3");
    }

    @Test
    void every_function_is_built_by_the_makefile_where_its_sources_are() {
        Stream.of(application, read("database.yaml"))
                .flatMap(template -> functions(template).entrySet().stream())
                .forEach(function -> assertThat(
                                function.getValue().path("Metadata").toString())
                        .as(function.getKey())
                        .isEqualTo("{\"BuildMethod\":\"makefile\",\"BuildInSource\":true}"));
    }

    /** The commands that work on a stack find their functions so, whether they are given the whole deployment or the application. */
    @Test
    void what_the_commands_look_for_is_an_output_of_the_stack_and_of_the_application() {
        for (String output : List.of("ReplayDeadLettersFunctionName", "ParkedMessagesFunctionName")) {
            assertThat(application.at("/Outputs/" + output + "/Value/Ref").asText())
                    .isEqualTo(output.replaceFirst("Name$", ""));
            assertThat(stack.at("/Outputs/" + output + "/Value/Fn::GetAtt").asText())
                    .isEqualTo("Application.Outputs." + output);
        }
    }

    @Test
    void every_alarm_has_a_runbook_and_every_runbook_an_alarm() throws IOException {
        Set<String> alarms = fields(read("alarms.yaml").path("Resources")).entrySet().stream()
                .filter(resource -> resource.getValue().path("Type").asText().equals("AWS::CloudWatch::Alarm"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> runbooks = Pattern.compile("(?m)^### (.+)$")
                .matcher(Files.readString(RUNBOOKS))
                .results()
                .flatMap(heading -> Stream.of(heading.group(1).split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(alarms).hasSizeGreaterThan(10);
        assertThat(runbooks).isEqualTo(alarms);
    }

    private static Map<String, JsonNode> functions(JsonNode template) {
        return fields(template.path("Resources")).entrySet().stream()
                .filter(resource -> resource.getValue().path("Type").asText().equals(ResourceType.FUNCTION))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Collection<String> actions(JsonNode role) {
        return role.findValues("Action").stream()
                .flatMap(action -> action.isTextual() ? Stream.of(action) : elements(action).stream())
                .map(JsonNode::asText)
                .filter(action -> !action.startsWith("sts:"))
                .toList();
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        return object.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Set<String> names(JsonNode object) {
        return fields(object).keySet();
    }

    private static JsonNode read(String file) {
        return YamlFile.read(SAM.resolve(file), "sam/" + file, true).toJson();
    }
}
