package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what, in each kind of deployment: in the document that API Gateway imports, and in the policies for IAM. */
class ApiSecurityTest {

    private static final Path SAM = Path.of("../sam");
    private static final String ORIGIN = "https://shop.example";
    private static final String ORDER = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    private static final Map<String, String> SCOPES = Map.of(
            "POST /orders", "write",
            "GET /orders", "read",
            "GET /orders/{orderId}", "read",
            "GET /orders/{orderId}/history", "history",
            "GET /requests/{eventId}", "read",
            "PUT /orders/{orderId}/cancellation", "write");

    @ParameterizedTest
    @CsvSource({"AWS_IAM, sigv4", "COGNITO_USER_POOLS, userPool", "CUSTOM, authorizer"})
    void every_method_asks_for_the_one_proof_that_was_chosen(String authorization, String scheme) {
        JsonNode api = api(Map.of("ApiAuthorization", authorization));

        assertThat(security(api).keySet()).containsExactlyInAnyOrderElementsOf(SCOPES.keySet());
        assertThat(security(api).values())
                .allSatisfy(security -> assertThat(names(security)).containsExactly(scheme));
        assertThat(fields(api.at("/components/securitySchemes"))).containsExactly(scheme);
    }

    @Test
    void a_token_needs_the_scope_of_what_it_is_used_for() {
        JsonNode api = api(Map.of("ApiAuthorization", "COGNITO_USER_POOLS", "CognitoResourceServer", "shop"));

        assertThat(security(api))
                .allSatisfy((method, security) -> assertThat(security.at("/0/userPool"))
                        .extracting(JsonNode::textValue)
                        .containsExactly("shop/" + SCOPES.get(method)));
    }

    @Test
    void an_authorizer_is_asked_by_a_role_that_may_ask_it_only() {
        String function = "arn:aws:lambda:eu-west-1:123456789012:function:who";
        Map<String, String> parameters = Map.of("ApiAuthorization", "CUSTOM", "AuthorizerFunctionArn", function);

        JsonNode authorizer =
                api(parameters).at("/components/securitySchemes/authorizer/x-amazon-apigateway-authorizer");

        assertThat(authorizer.path("authorizerUri").textValue())
                .endsWith(":lambda:path/2015-03-31/functions/" + function + "/invocations");
        assertThat(authorizer.path("authorizerCredentials").textValue()).endsWith("AuthorizerInvocationRole");
        JsonNode statement =
                statement(parameters, "AWS::IAM::Role", "AuthorizerInvocationRole", "/Policies/0/PolicyDocument");
        assertThat(statement.path("Action").textValue()).isEqualTo("lambda:InvokeFunction");
        assertThat(statement.path("Resource").textValue()).isEqualTo(function);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM", "NONE"})
    void a_key_is_asked_for_on_top_of_any_proof(String authorization) {
        JsonNode api = api(Map.of("ApiAuthorization", authorization, "ApiKeyRequired", "true"));

        assertThat(security(api).values()).hasSize(SCOPES.size()).allSatisfy(security -> {
            assertThat(names(security)).hasSize(authorization.equals("NONE") ? 1 : 2);
            assertThat(names(security)).last().isEqualTo("api_key");
        });
    }

    @Test
    void an_open_api_asks_for_nothing_and_says_so() {
        JsonNode api = api(Map.of("ApiAuthorization", "NONE"));

        assertThat(security(api).values()).hasSize(SCOPES.size()).allMatch(each -> each.isArray() && each.isEmpty());
        assertThat(api.at("/components/securitySchemes")).isEmpty();
    }

    @Test
    void a_preflight_is_open_where_everything_else_is_not() {
        JsonNode api =
                api(Map.of("ApiAuthorization", "AWS_IAM", "ApiKeyRequired", "true", "CorsAllowedOrigin", ORIGIN));

        Map<String, JsonNode> security = security(api);
        assertThat(security.entrySet().stream()
                        .filter(each -> each.getKey().startsWith("OPTIONS "))
                        .map(Map.Entry::getValue))
                .hasSize(5)
                .allMatch(each -> each.isArray() && each.isEmpty());
        assertThat(security).hasSize(SCOPES.size() + 5);
    }

    @ParameterizedTest
    @CsvSource({
        "POST/orders, WriteOrdersPolicy",
        "PUT/orders/" + ORDER + "/cancellation, WriteOrdersPolicy",
        "GET/orders, ReadOrdersPolicy",
        "GET/orders/" + ORDER + ", ReadOrdersPolicy",
        "GET/orders/" + ORDER + "/history, ReadHistoryPolicy",
        "GET/requests/" + ORDER + ", ReadOrdersPolicy",
        "DELETE/orders/" + ORDER + ", ''",
        "POST/requests/" + ORDER + ", ''",
        "POST/orders/" + ORDER + ", ''"
    })
    void each_method_is_allowed_by_one_policy_only(String method, String policy) {
        String arn = "arn:aws:execute-api:eu-west-1:123456789012:"
                + SamFolder.real().load().api().id() + "/live/" + method;

        List<String> allowing = List.of("WriteOrdersPolicy", "ReadOrdersPolicy", "ReadHistoryPolicy").stream()
                .filter(name -> resources(name).stream().anyMatch(pattern -> matches(pattern, arn)))
                .toList();

        assertThat(allowing).isEqualTo(policy.isEmpty() ? List.of() : List.of(policy));
    }

    /** An asterisk is any text and a question mark any character, slashes included, as IAM has it. */
    private static boolean matches(String pattern, String arn) {
        String regex = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : java.util.regex.Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return arn.matches(regex);
    }

    private static List<String> resources(String policy) {
        JsonNode statement =
                statement(Map.of("ApiAuthorization", "AWS_IAM"), "AWS::IAM::ManagedPolicy", policy, "/PolicyDocument");
        assertThat(statement.path("Action").textValue()).isEqualTo("execute-api:Invoke");
        JsonNode resource = statement.path("Resource");
        return resource.isTextual() ? List.of(resource.textValue()) : texts(resource);
    }

    private static JsonNode statement(Map<String, String> parameters, String type, String logicalId, String document) {
        Template template = Template.read(SAM, SamFolder.context(parameters));
        JsonNode properties = template.resources(type).stream()
                .filter(resource -> resource.logicalId().equals(logicalId))
                .map(resource -> template.resolver()
                        .resolveRequired(resource.properties())
                        .toJson())
                .findFirst()
                .orElseThrow();
        JsonNode statements = properties.at(document + "/Statement");
        assertThat(statements).hasSize(1);
        assertThat(statements.path(0).path("Effect").textValue()).isEqualTo("Allow");
        return statements.path(0);
    }

    private static JsonNode api(Map<String, String> parameters) {
        return Stack.openApi(SAM, SamFolder.context(new HashMap<>(parameters)));
    }

    private static Map<String, JsonNode> security(JsonNode api) {
        Map<String, JsonNode> security = new TreeMap<>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> security.put(
                                method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                                method.getValue().path("security"))));
        return security;
    }

    private static List<String> names(JsonNode security) {
        return StreamSupport.stream(security.spliterator(), false)
                .flatMap(requirement -> fields(requirement).stream())
                .toList();
    }

    private static List<String> fields(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
