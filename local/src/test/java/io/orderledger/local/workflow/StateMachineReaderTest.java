package io.orderledger.local.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.WorkflowDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateMachineReaderTest {

    @Test
    void reads_the_workflow_that_is_deployed() throws IOException {
        String asl = Files.readString(Path.of("..", "sam", "cancel-order.asl.json"))
                .replace("${CancelOrderFunctionArn}", "arn:aws:lambda:eu-west-1:1:function:c")
                .replace("${WorkflowDeadLetterQueueUrl}", "http://127.0.0.1:1/1/q");

        StateMachine machine = StateMachineReader.read(Machines.definition(asl));

        assertThat(machine.startAt()).isNotEmpty();
        assertThat(machine.states()).containsKey(machine.startAt());
        assertThat(machine.limit()).isLessThan(Duration.ofSeconds(29));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'A':{'Type':'Wait','Seconds':1,'End':true}                                         | states of type "Wait" are not supported
            'A':{'Type':'Map','End':true}                                                      | states of type "Map" are not supported
            'A':{'Type':'Pass','End':true,'Assign':{}}                                         | "Assign" is not supported here
            'A':{'Type':'Pass','QueryLanguage':'JSONata','End':true}                           | the query language JSONata is not supported
            'A':{'Type':'Pass'}                                                                | a state has either "Next" or "End": true
            'A':{'Type':'Pass','End':true,'Next':'A'}                                          | a state has either "Next" or "End": true
            'A':{'Type':'Pass','Next':'B'}                                                     | there is no state "B"
            'A':{'Type':'Pass','End':true,'ResultPath':'$.a[0]'}                               | is not supported as a place for a result
            'A':{'Type':'Pass','End':true,'ResultPath':'$$.a'}                                 | a reference path, which begins with one $, is expected
            'A':{'Type':'Pass','End':true,'InputPath':'x'}                                     | a path, which begins with $, is expected
            'A':{'Type':'Pass','End':true,'Parameters':{'a.$':'States.Array(1)'}}              | the intrinsic function "States.Array" is not supported
            'A':{'Type':'Pass','End':true,'Parameters':{'a.$':'States.UUID(1)'}}               | States.UUID does not take 1 arguments
            'A':{'Type':'Pass','End':true,'Parameters':{'a.$':'States.UUID('}}                 | the intrinsic function is not closed
            'A':{'Type':'Pass','End':true,'Parameters':{'a.$':'plain'}}                        | a path or an intrinsic function is expected
            'A':{'Type':'Pass','End':true,'Parameters':{'a.$':'$.b','a':1}}                    | "a" is given twice
            'A':{'Type':'Task','Resource':'arn:aws:states:::dynamodb:getItem','Parameters':{},'End':true} | the resource "arn:aws:states:::dynamodb:getItem" is not supported
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{},'End':true} | the parameter "FunctionName" is missing
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f','Qualifier':'1'},'End':true} | the parameter "Qualifier" is not supported here
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'HeartbeatSeconds':1,'End':true} | "HeartbeatSeconds" is not supported here
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'Retry':[{'ErrorEquals':['States.ALL','x']}],'End':true} | States.ALL stands alone
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'Retry':[{'ErrorEquals':[]}],'End':true} | at least one error name is expected
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'Retry':[{'ErrorEquals':['x'],'BackoffRate':0.5}],'End':true} | a number of at least 1 is expected
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'Retry':[{'ErrorEquals':['x'],'JitterStrategy':'SOME'}],'End':true} | the jitter strategy is FULL or NONE
            'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke','Parameters':{'FunctionName':'f'},'Catch':[{'ErrorEquals':['x'],'Next':'Z'}],'End':true} | there is no state "Z"
            'A':{'Type':'Choice','Choices':[]}                                                 | at least one choice is expected
            'A':{'Type':'Choice','Choices':[{'Variable':'$.a','StringEquals':'x','IsNull':true,'Next':'A'}]} | a choice has one operator, this one has 2
            'A':{'Type':'Choice','Choices':[{'Variable':'$.a','StringIsNice':'x','Next':'A'}]}  | the operator "StringIsNice" is not supported
            'A':{'Type':'Choice','Choices':[{'Variable':'$.a','NumericEquals':'x','Next':'A'}]} | NumericEquals compares with a value of type NUMERIC
            'A':{'Type':'Choice','Choices':[{'Variable':'$.a','BooleanLessThan':true,'Next':'A'}]} | the operator "BooleanLessThan" is not supported
            'A':{'Type':'Fail','Error':'x','ErrorPath':'$.e'}                                  | "Error" and "ErrorPath" exclude each other
            """)
    void refuses_what_is_not_supported(String states, String reason) {
        assertThatThrownBy(() -> StateMachineReader.read(Machines.states(states)))
                .isInstanceOf(DefinitionException.class)
                .hasMessageStartingWith("sam/w.asl.json:1: ")
                .hasMessageContaining(reason);
    }

    @Test
    void names_the_line_of_what_it_refuses() {
        WorkflowDefinition definition = Machines.definition("""
                {
                  "StartAt": "A",
                  "States": {
                    "A": { "Type": "Pass", "Next": "B" },
                    "B": {
                      "Type": "Pass",
                      "Parameters": {
                        "deep": [ { "x": 1 },
                                  { "y.$": "States.Hash($.a, 'MD5')" } ]
                      },
                      "End": true
                    }
                  }
                }
                """);
        assertThatThrownBy(() -> StateMachineReader.read(definition))
                .isInstanceOfSatisfying(DefinitionException.class, e -> {
                    assertThat(e.file()).isEqualTo("sam/w.asl.json");
                    assertThat(e.line()).isEqualTo(9);
                });
    }

    @Test
    void refuses_what_is_not_json_and_a_state_that_is_given_twice() {
        assertThatThrownBy(() -> StateMachineReader.read(Machines.definition("{\n\"StartAt\": }")))
                .isInstanceOf(DefinitionException.class)
                .hasMessageStartingWith("sam/w.asl.json:2: this is not valid JSON");
        assertThatThrownBy(() ->
                        StateMachineReader.read(Machines.states("'A':{'Type':'Succeed'},\n'A':{'Type':'Succeed'}")))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("Duplicate field 'A'");
    }
}
