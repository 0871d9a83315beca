package io.orderledger.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.Location;
import io.orderledger.local.definitions.TemplateText;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in a template before any request comes. */
class TemplatesTest {

    private final Templates templates = new Templates(Map.of("greeting", "Hello"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    $util.escapeJavascript('x')            | $util.escapeJavascript
                    $util.time.nowISO8601()                | $util.time
                    $util                                  | $util
                    $input.bodyy                           | $input.bodyy
                    $input.jsonn('$')                      | $input.jsonn
                    $context.requestid                     | $context.requestid
                    $context.identity.ip                   | $context.identity.ip
                    $context.error.message                 | $context.error.message
                    $context.requestOverride.querystring.x | $context.requestOverride.querystring.x
                    $stageVariables.greetings              | $stageVariables.greetings
                    $neverSet                              | no variable $neverSet
                    #evaluate($input.body)                 | #evaluate is not supported
                    #parse($input.body)                    | #parse is not supported
                    #include("/etc/passwd")                | #include is not supported
                    #macro(x)#end                          | #macro is not supported
                    #set($x = "a $util.nothing() b")       | $util.nothing
                    #if($a == "$b")#end                    | no variable
                    #set($context.responseOverride.body = 1) | $context.responseOverride.body
                    #set($x = )                            | not a valid mapping template
                    #if(true) x                            | not a valid mapping template
                    """)
    void a_mistake_is_refused_with_its_line(String mistake, String reason) {
        String text = "{\n  \"fine\": true\n}\n" + mistake + "\n";

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> templates.compile(new TemplateText(new Location("sam/api.yaml", 100), text)))
                .withMessageMatching("(?s)sam/api\\.yaml:10[3-5]: .*")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$input.body.length() $input.params().header.get('x') $!input.params('y') ${context.stage} $!{context.requestId}",
                "#foreach($x in $input.params().path.keySet())$x $foreach.count#if($foreach.hasNext),#end#end",
                "#set($context.responseOverride.header.Retry-After = \"5\")#set($context.responseOverride.status = 503)",
                "#set($x = \"$!context.identity.userArn\")$x.matches('a') #set($y = $x)#if($y == $x)same#end",
                "$stageVariables.greeting $stageVariables.greeting.length() #stop",
                "## a comment with $nothing\n#* and $nothing *# #[[ $nothing ]]# \\$5 5$ US$ $5"
            })
    void what_api_gateway_has_is_taken(String text) {
        assertThatCode(() -> templates.compile(new TemplateText(new Location("sam/api.yaml", 1), text)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    O'Brien "x" \\ / | O\\'Brien \\"x\\" \\\\ \\/
                    é ‐ 😀           | \\u00E9 \\u2010 \\uD83D\\uDE00
                    """)
    void escape_javascript_is_that_of_commons_lang_two(String text, String escaped) {
        assertThat(new TemplateUtilities().escapeJavaScript(text)).isEqualTo(escaped);
    }

    @Test
    void escape_javascript_knows_control_characters() {
        assertThat(new TemplateUtilities().escapeJavaScript("\b\n\t\f\r\u0001\u001f\u007f\u0080\u2028\ud800"))
                .isEqualTo("\\b\\n\\t\\f\\r\\u0001\\u001F\u007f\\u0080\\u2028\\uD800");
    }
}
