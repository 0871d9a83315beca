package io.orderledger.local.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntrinsicFunctionsTest {

    private static final String TEMPLATE = """
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Stage: { Type: String, Default: test }
              Zones: { Type: CommaDelimitedList, Default: 'a, b,c' }
              Size: { Type: Number, Default: 3 }
            Mappings:
              Limits:
                test: { Rate: 5 }
                live: { Rate: 500 }
            Conditions:
              IsLive: !Equals [!Ref Stage, live]
              IsTest: !Not [!Condition IsLive]
              Both: !And [!Condition IsTest, !Equals [!Ref Size, '3']]
              Either: !Or [!Condition IsLive, !Condition Both]
            Resources:
              Queue:
                Type: AWS::SQS::Queue
              Named:
                Type: AWS::SQS::Queue
                Properties:
                  QueueName: !Sub ${AWS::StackName}-${Stage}
              OnlyLive:
                Type: AWS::SQS::Queue
                Condition: IsLive
              Role:
                Type: AWS::IAM::Role
                Properties: {}
            Outputs:
              Result:
                Value: %s
            """;

    /** The line that an expression under test stands on. */
    private static final int LINE = (int) TEMPLATE.lines().count();

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    !Ref Stage                                             | test
                    !Ref AWS::Region                                       | eu-west-1
                    !Ref Queue                                             | https://sqs.eu-west-1.amazonaws.com/123456789012/orders-Queue
                    !GetAtt Queue.Arn                                      | arn:aws:sqs:eu-west-1:123456789012:orders-Queue
                    !GetAtt Named.QueueName                                | orders-test
                    { Fn::GetAtt: [Role, Arn] }                            | arn:aws:iam::123456789012:role/orders-Role
                    !Sub 'a-${Stage}-${Queue.Arn}'                         | a-test-arn:aws:sqs:eu-west-1:123456789012:orders-Queue
                    !Sub ['${x}/${Stage}', { x: !Ref Size }]               | 3/test
                    !Sub '${!Literal} $Stage {Stage}'                      | ${Literal} $Stage {Stage}
                    !Sub '${AWS::Partition}.${AWS::AccountId}'             | aws.123456789012
                    !Join ['-', [a, !Ref Stage, !Ref Size]]                | a-test-3
                    !Join ['+', !Ref Zones]                                | a+b+c
                    !Select [1, !Ref Zones]                                | b
                    !Select [2, !Split ['/', 'x/y/z']]                     | z
                    !FindInMap [Limits, !Ref Stage, Rate]                  | 5
                    !If [IsLive, one, two]                                 | two
                    !If [IsTest, !Sub '${Stage}!', !Ref OnlyLive]          | test!
                    !If [Both, one, two]                                   | one
                    !If [Either, one, two]                                 | one
                    !Join [',', [a, !If [IsLive, b, !Ref AWS::NoValue], c]] | a,c
                    !Base64 O'Brien                                        | TydCcmllbg==
                    { Fn::ToJsonString: { a: 1, b: [true, x] } }           | {"a":1,"b":[true,"x"]}
                    { Fn::Sub: '${Stage}' }                                | test
                    """)
    void a_function_gives_what_cloudformation_gives(String expression, String expected) {
        assertThat(result(expression, Map.of())).isEqualTo(expected);
    }

    @Test
    void conditions_follow_the_parameters() {
        assertThat(result("!If [IsLive, !GetAtt OnlyLive.QueueName, none]", Map.of("Stage", "live")))
                .isEqualTo("orders-OnlyLive");
        assertThat(result("!FindInMap [Limits, !Ref Stage, Rate]", Map.of("Stage", "live")))
                .isEqualTo("500");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    !Ref OnlyLive                          | no parameter or resource OnlyLive
                    !Select [9, !Ref Zones]                | item 9 of 3
                    !FindInMap [Limits, none, Rate]        | no mapping Limits.none.Rate
                    !If [IsNot, a, b]                      | no condition IsNot
                    !If [IsLive, a]                        | a list of 3 arguments
                    !Ref AWS::NotificationARNs             | no pseudo parameter
                    !GetAZs eu-west-1                      | function Fn::GetAZs is not supported
                    !Sub '${Nothing}'                      | no parameter or resource Nothing
                    !Sub ['${x}', { y: 1 }]                | no parameter or resource x
                    !GetAtt Role.Nothing                   | does not know the attribute Nothing of Role
                    """)
    void a_function_that_cannot_be_resolved_is_refused_with_its_line(String expression, String reason) {
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> result(expression, Map.of()))
                .withMessageStartingWith("sam/template.yaml:" + LINE + ": ")
                .withMessageContaining(reason);
    }

    @Test
    void a_condition_that_depends_on_itself_is_refused() {
        String template = TEMPLATE.formatted("x").replace("!Equals [!Ref Stage, live]", "!Not [!Condition IsTest]");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> read(template, Map.of()))
                .withMessageContaining("depends on itself");
    }

    @Test
    void a_name_that_refers_to_itself_is_refused() {
        String template = TEMPLATE.formatted("!GetAtt Named.Arn").replace("-${Stage}", "-${Named.QueueName}");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> read(template, Map.of()).outputs())
                .withMessageContaining("Named refers to itself");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    &anchor x           | no YAML anchors
                    on                  | different things
                    0777                | different things
                    12:30               | different things
                    1_000               | different things
                    [a, b               | not valid YAML
                    """)
    void yaml_that_readers_do_not_agree_on_is_refused_with_its_line(String yaml, String reason) {
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> result(yaml, Map.of()))
                .withMessageMatching("sam/template\\.yaml:(" + LINE + "|" + (LINE + 1) + "): .*")
                .withMessageContaining(reason);
    }

    @Test
    void a_key_that_is_there_twice_is_refused() {
        String template = TEMPLATE.formatted("x").replace("  Role:\n", "  Queue:\n");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> read(template, Map.of()))
                .withMessageContaining("the key Queue is there twice");
    }

    private String result(String expression, Map<String, String> parameters) {
        return read(TEMPLATE.formatted(expression), parameters).outputs().getOrDefault("Result", "");
    }

    private Template read(String template, Map<String, String> parameters) {
        try {
            Path folder = Files.createDirectories(directory.resolve("sam"));
            Files.writeString(folder.resolve("template.yaml"), template);
            return Template.read(folder, new StackContext("eu-west-1", "123456789012", "orders", parameters));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
