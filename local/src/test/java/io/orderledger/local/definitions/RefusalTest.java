package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One mistake in a copy of the project's definitions, and the line and reason that the load then names. */
class RefusalTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
                    Type: AWS::Events::EventBus          | Type: AWS::Kinesis::Stream           | resource type AWS::Kinesis::Stream
                    MaximumRetryAttempts: 185            | MaximumRetryAttempts: 186            | from 0 to 185, not 186
                    State: ENABLED                       | State: SOMETIMES                     | state SOMETIMES
                    Type: EXPRESS                        | Type: STANDARD                       | Type EXPRESS only
                    VisibilityTimeout: 120               | FifoQueue: true                      | does not support FifoQueue
                    !Ref OrderBus                        | !Ref OrderBuss                       | no parameter or resource OrderBuss
                    !GetAtt RuleDeadLetterQueue.Arn      | !GetAtt RuleDeadLetterQueue.Size     | attribute Size of RuleDeadLetterQueue
                    DependsOn: DatabaseMigration         | DependsOn: DatabaseMigrations        | no parameter or resource DatabaseMigrations
                    AWS::Serverless-2016-10-31]          | AWS::SecretsManager-2020-07-23]      | transform AWS::SecretsManager
                    TracingEnabled: true                 | TracingEnabled: yes                  | different things to different YAML readers
                    Location: api.yaml                   | Location: other.yaml                 | no file other.yaml
                    ThrottlingRateLimit: !Ref ApiRateLimit | ThrottlingRateLimit: many          | must be a number
                    DefinitionUri: cancel-order.asl.json | DefinitionUri: ../pom.xml            | no file ../pom.xml
                    !GetAtt OrderPlacementRule.Arn       | !ImportValue OrderPlacementRule      | function Fn::ImportValue
                    !Ref CreateOrderFunction.Alias       | !Ref MigrateFunction.Alias           | MigrateFunction has no AutoPublishAlias
                    - CreateOrderFunctionAliaslive       | - CreateOrderFunctionAliasother      | no parameter or resource CreateOrderFunctionAliasother
                    """)
    void a_mistake_in_the_template_is_named_with_its_line(String text, String mistake, String reason) {
        refuses("template.yaml", text, mistake, reason);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
                    openapi: 3.0.1                       | openapi: 3.1.0                       | OpenAPI 3.0, not 3.1.0
                    type: aws_proxy                      | type: http_proxy                     | integrations of type http_proxy
                    passthroughBehavior: never           | passthroughBehavior: sometimes       | no passthroughBehavior sometimes
                    validateRequestBody: true            | validateRequestBody: maybe           | must be true or false
                    method.response.header.x-request-id: | method.response.header.x-other:      | declares no header
                    maxItems: 100                        | nullable: true                       | draft-04) do not know nullable
                    "'AWSEvents.PutEvents'"              | integration.response.header.X        | mapping expression integration.response.header.X
                    x-amazon-apigateway-request-validator: everything | x-amazon-apigateway-request-validator: nothing | no request validator nothing
                    operationId: placeOrder              | x-amazon-apigateway-policy: {}       | does not support x-amazon-apigateway-policy
                    """)
    void a_mistake_in_the_api_is_named_with_its_line(String text, String mistake, String reason) {
        refuses("api.yaml", text, mistake, reason);
    }

    @Test
    void an_action_that_is_not_answered_is_named_with_the_line_of_its_uri() {
        SamFolder sam = SamFolder.copyIn(directory);
        int line = sam.replace("api.yaml", "events:action/PutEvents", "sns:action/Publish");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(sam::load)
                .withMessage("sam/api.yaml:" + (line - 1) + ": the local run does not answer sns:Publish");
    }

    @Test
    void a_short_form_in_the_included_file_is_refused_as_cloudformation_would() {
        refuses(
                "api.yaml",
                "Fn::GetAtt: [PlaceOrderIntegrationRole, Arn]",
                "!GetAtt PlaceOrderIntegrationRole.Arn",
                "write Fn::GetAtt instead of !GetAtt");
    }

    @Test
    void a_substitution_of_the_workflow_without_a_value_is_refused() {
        refuses(
                "cancel-order.asl.json",
                "${CancelOrderFunctionArn}",
                "${CancelFunction}",
                "no value for ${CancelFunction}");
    }

    @Test
    void a_workflow_that_is_no_json_is_refused() {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("cancel-order.asl.json", "\"StartAt\"", "StartAt");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(sam::load)
                .withMessageMatching("sam/cancel-order\\.asl\\.json:[0-9]+: not valid JSON");
    }

    @Test
    void a_rule_whose_dead_letter_queue_does_not_let_it_in_is_refused() {
        SamFolder sam = SamFolder.copyIn(directory);
        sam.replace("template.yaml", "Action: sqs:SendMessage\n            Resource: !GetAtt Rule", """
                Action: sqs:ReceiveMessage
                            Resource: !GetAtt Rule""");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(sam::load)
                .withMessageContaining("no AWS::SQS::QueuePolicy lets events.amazonaws.com send");
    }

    @ParameterizedTest
    @CsvSource({
        "ApiAuthorization, AWS_IAM, sigv4, ApiAuthorization to NONE",
        "ApiAuthorization, COGNITO_USER_POOLS, userPool, ApiAuthorization to NONE",
        "ApiAuthorization, CUSTOM, authorizer, ApiAuthorization to NONE",
        "ApiKeyRequired, true, api_key, ApiKeyRequired to false"
    })
    void a_caller_check_that_cannot_be_made_here_is_refused(
            String parameter, String value, String scheme, String remedy) {
        SamFolder sam = SamFolder.copyIn(directory);

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> sam.load(Map.of(parameter, value)))
                .withMessageMatching("sam/api\\.yaml:[0-9]+: the local run cannot check callers, .*")
                .withMessageContaining(scheme + " asks for it: set " + remedy);
    }

    @Test
    void a_parameter_value_that_is_not_allowed_is_refused() {
        SamFolder sam = SamFolder.copyIn(directory);

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> sam.load(Map.of("ApiAuthorization", "COGNITO")))
                .withMessageContaining(
                        "the parameter ApiAuthorization must be one of [AWS_IAM, COGNITO_USER_POOLS, CUSTOM, NONE]");
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> sam.load(Map.of("DatabasePort", "70000")))
                .withMessageContaining("the parameter DatabasePort must be from 1 to 65535");
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> sam.load(Map.of("MigrationUser", "Robert'); --")))
                .withMessageContaining("the parameter MigrationUser must match");
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> sam.load(Map.of("NoSuchParameter", "x")))
                .withMessageContaining("there is no parameter NoSuchParameter");
    }

    private void refuses(String file, String text, String mistake, String reason) {
        SamFolder sam = SamFolder.copyIn(directory);
        int line = sam.replace(file, text, mistake);

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(sam::load)
                .withMessageStartingWith("sam/" + file + ":" + line + ": ")
                .withMessageContaining(reason);
    }
}
