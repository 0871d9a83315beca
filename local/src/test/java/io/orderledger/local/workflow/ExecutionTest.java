package io.orderledger.local.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.workflow.ExecutionResult.Failed;
import io.orderledger.local.workflow.ExecutionResult.Succeeded;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states that call no service. */
class ExecutionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Type':'Pass'                                             | {'a':{'b':1}}   | {'a':{'b':1}}
            'Type':'Pass','InputPath':'$.a'                           | {'a':{'b':1}}   | {'b':1}
            'Type':'Pass','InputPath':null                            | {'a':{'b':1}}   | {}
            'Type':'Pass','OutputPath':'$.a'                          | {'a':{'b':1}}   | {'b':1}
            'Type':'Pass','OutputPath':null                           | {'a':{'b':1}}   | {}
            'Type':'Pass','Result':[1,null]                           | {'a':1}         | [1,null]
            'Type':'Pass','Result':7,'ResultPath':'$.x.y'             | {'a':1}         | {'a':1,'x':{'y':7}}
            'Type':'Pass','Result':7,'ResultPath':null                | {'a':1}         | {'a':1}
            'Type':'Pass','InputPath':'$.a','ResultPath':'$.c'        | {'a':{'b':1}}   | {'a':{'b':1},'c':{'b':1}}
            'Type':'Pass','Parameters':{'k':'v','p.$':'$.a','l':[{'q.$':'$.a.b'}]} | {'a':{'b':1}} | {'k':'v','p':{'b':1},'l':[{'q':1}]}
            'Type':'Pass','InputPath':'$.a','Parameters':{'p.$':'$.b'} | {'a':{'b':1}}  | {'p':1}
            'Type':'Pass','Parameters':{'p.$':'$.a[?(@.n>1)].n'}      | {'a':[{'n':1},{'n':2}]} | {'p':[2]}
            'Type':'Pass','Parameters':{'p.$':'$$.State.Name','q.$':'$$.Execution.Input.a','r.$':'$$.StateMachine.Name'} | {'a':1} | {'p':'A','q':1,'r':'w'}
            'Type':'Pass','Parameters':{'p.$':'$.a'}                  | {'a':1.10}      | {'p':1.10}
            'Type':'Pass','Parameters':{'p.$':'$.a'}                  | {'a':12345678901234567890123} | {'p':12345678901234567890123}
            'Type':'Pass','Parameters':{'p.$':'$.a'}                  | {'a':null}      | {'p':null}
            """)
    void shapes_its_input_and_output(String state, String input, String output) throws Exception {
        assertThat(run("'A':{" + state + ",'End':true}", input)).isEqualTo(new Succeeded(quoted(output)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            States.Format(~Hello {}, {}~, $.n, $.o)         | "Hello O'Brien, {\\"k\\":1}"
            States.Format(~\\\\{\\\\} {}~, 3)               | "{} 3"
            States.Format(~it\\\\~s~)                       | "it~s"
            States.JsonToString($.o)                        | "{\\"k\\":1}"
            States.StringToJson($.s)                        | {"z":[1,2]}
            States.JsonMerge($.o, $.p, false)               | {"k":2,"m":3}
            States.StringToJson(States.JsonToString($.o))   | {"k":1}
            """)
    void computes_intrinsic_functions(String call, String expected) throws Exception {
        String machine =
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"r.$\":\""
                        + call.replace('~', '\'') + "\"},\"OutputPath\":\"$.r\"}}}";
        String input = "{\"n\":\"O'Brien\",\"o\":{\"k\":1},\"p\":{\"k\":2,\"m\":3},\"s\":\"{\\\"z\\\":[1,2]}\"}";

        assertThat(run(StateMachineReader.read(Machines.definition(machine)), input))
                .isEqualTo(new Succeeded(expected.replace('~', '\'')));
    }

    @Test
    void draws_another_uuid_every_time() throws Exception {
        String state = "'A':{'Type':'Pass','Parameters':{'a.$':'States.UUID()','b.$':'States.UUID()'},'End':true}";

        String output = ((Succeeded) run(state, "{}")).output();

        var json = LocatedJson.JSON.readTree(output);
        assertThat(json.path("a").textValue()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(json.path("a")).isNotEqualTo(json.path("b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Variable':'$.s','StringEquals':'b'                        | yes
            'Variable':'$.s','StringEquals':'B'                        | no
            'Variable':'$.s','StringLessThan':'c'                      | yes
            'Variable':'$.s','StringGreaterThanEquals':'b'             | yes
            'Variable':'$.s','StringEqualsPath':'$.t'                  | yes
            'Variable':'$.m','StringMatches':'log-*.txt'               | yes
            'Variable':'$.m','StringMatches':'log-*.tx'                | no
            'Variable':'$.n','NumericEquals':5.0                       | yes
            'Variable':'$.n','NumericLessThanEquals':4                 | no
            'Variable':'$.n','NumericGreaterThanPath':'$.k'            | yes
            'Variable':'$.s','NumericEquals':5                         | no
            'Variable':'$.y','BooleanEquals':true                      | yes
            'Variable':'$.d','TimestampLessThan':'2026-01-02T00:00:00Z' | yes
            'Variable':'$.d','TimestampEquals':'2026-01-01T01:00:00+01:00' | yes
            'Variable':'$.z','IsNull':true                             | yes
            'Variable':'$.s','IsNull':true                             | no
            'Variable':'$.nowhere','IsPresent':false                   | yes
            'Variable':'$.z','IsPresent':true                          | yes
            'Variable':'$.n','IsNumeric':true                          | yes
            'Variable':'$.s','IsString':true                           | yes
            'Variable':'$.y','IsBoolean':false                         | no
            'Variable':'$.d','IsTimestamp':true                        | yes
            'Variable':'$.s','IsTimestamp':true                        | no
            'Not':{'Variable':'$.s','StringEquals':'b'}                | no
            'And':[{'Variable':'$.s','IsPresent':true},{'Variable':'$.n','NumericEquals':5}] | yes
            'Or':[{'Variable':'$.s','StringEquals':'x'},{'Variable':'$.n','NumericEquals':5}] | yes
            'Or':[{'Variable':'$.s','StringEquals':'x'},{'Variable':'$.n','NumericEquals':6}] | no
            """)
    void chooses(String condition, String expected) throws Exception {
        String states = "'A':{'Type':'Choice','Choices':[{" + condition + ",'Next':'Y'}],'Default':'N'},"
                + "'Y':{'Type':'Pass','Result':'yes','End':true},'N':{'Type':'Pass','Result':'no','End':true}";
        String input = "{'s':'b','t':'b','m':'log-1.txt','n':5,'k':4,'y':true,'d':'2026-01-01T00:00:00Z','z':null}";

        assertThat(run(states, input)).isEqualTo(new Succeeded("\"" + expected + "\""));
    }

    @Test
    void fails_where_no_choice_matches() throws Exception {
        String states = "'A':{'Type':'Choice','Choices':[{'Variable':'$.n','NumericEquals':1,'Next':'B'}]},"
                + "'B':{'Type':'Succeed'}";
        assertThat(error(run(states, "{'n':2}"))).isEqualTo("States.NoChoiceMatched");
        assertThat(error(run(states, "{}"))).isEqualTo("States.Runtime");
    }

    @Test
    void fails_with_the_error_and_cause_of_a_fail_state() throws Exception {
        assertThat(run("'A':{'Type':'Fail','Error':'E','Cause':'C'}", "{}"))
                .isEqualTo(new Failed(java.util.Optional.of("E"), java.util.Optional.of("C")));
        assertThat(run(
                        "'A':{'Type':'Fail','ErrorPath':'$.e','CausePath':'States.JsonToString($.c)'}",
                        "{'e':'E','c':{}}"))
                .isEqualTo(new Failed(java.util.Optional.of("E"), java.util.Optional.of("{}")));
    }

    @Test
    void fails_where_a_path_leads_nowhere_or_a_result_has_no_place() throws Exception {
        assertThat(error(run("'A':{'Type':'Pass','InputPath':'$.x','End':true}", "{}")))
                .isEqualTo("States.Runtime");
        assertThat(error(run("'A':{'Type':'Pass','Parameters':{'a.$':'$.x'},'End':true}", "{}")))
                .isEqualTo("States.Runtime");
        assertThat(error(run("'A':{'Type':'Pass','ResultPath':'$.a.b','End':true}", "{'a':1}")))
                .isEqualTo("States.ResultPathMatchFailure");
        assertThat(error(run(
                        "'A':{'Type':'Pass','Parameters':{'a.$':'States.StringToJson($.x)'},'End':true}", "{'x':'{'}")))
                .isEqualTo("States.IntrinsicFailure");
    }

    @Test
    void fails_where_a_states_output_exceeds_the_limit() throws Exception {
        String doubling = "'A':{'Type':'Pass','Parameters':{'x.$':'$.x','y.$':'$.x'},'End':true}";
        assertThat(run(doubling, "{'x':'" + "é".repeat(65_000) + "'}")).isInstanceOf(Succeeded.class);
        assertThat(error(run(doubling, "{'x':'" + "é".repeat(66_000) + "'}"))).isEqualTo("States.DataLimitExceeded");
    }

    @Test
    void ends_a_workflow_that_runs_in_a_circle_at_its_timeout() throws Exception {
        String machine =
                "{\"StartAt\":\"A\",\"TimeoutSeconds\":1,\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"A\"}}}";
        assertThat(run(StateMachineReader.read(Machines.definition(machine)), "{}"))
                .isEqualTo(new ExecutionResult.TimedOut());
    }

    @ParameterizedTest
    @CsvSource({
        "States.ALL, some.Error, true",
        "States.ALL, States.Timeout, true",
        "States.ALL, States.DataLimitExceeded, false",
        "States.ALL, States.Runtime, false",
        "States.TaskFailed, some.Error, true",
        "States.TaskFailed, States.Timeout, false",
        "States.TaskFailed, States.DataLimitExceeded, false",
        "States.Timeout, States.Timeout, true",
        "States.DataLimitExceeded, States.DataLimitExceeded, true",
        "States.Runtime, States.Runtime, false",
        "some.Error, some.Error, true",
        "some.Error, some.Errors, false",
    })
    void matches_errors_as_step_functions_does(String name, String error, boolean matches) {
        assertThat(ErrorMatch.matches(List.of(name), error)).isEqualTo(matches);
    }

    private static ExecutionResult run(String states, String input) throws Exception {
        return run(StateMachineReader.read(Machines.states(states)), quoted(input));
    }

    private static ExecutionResult run(StateMachine machine, String input)
            throws JsonProcessingException, InterruptedException {
        var json = LocatedJson.JSON.readTree(input);
        var identity = new Execution.Identity("arn:aws:states:eu-west-1:123456789012:express:w:n:u", "n");
        // None of these states calls a service.
        @SuppressWarnings("NullAway")
        var services = new Tasks(null, null);
        return new Execution(
                        machine,
                        identity,
                        services,
                        Surroundings.of(new SpeedFactor(1000), Clock.systemUTC()),
                        Passage.REAL,
                        json)
                .run(json);
    }

    private static String error(ExecutionResult result) {
        return ((Failed) result).error().orElseThrow();
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }
}
