package io.orderledger.local.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.jayway.jsonpath.JsonPathException;
import io.orderledger.local.definitions.DefinitionException;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands behind a name that ends in {@code .$}: a path, or an intrinsic function with its arguments. */
final class ExpressionParser {

    private static final int NESTING_LIMIT = 10;

    private final LocatedJson source;
    private final String text;
    private int at;

    private ExpressionParser(LocatedJson source) {
        this.source = source;
        this.text = source.text();
    }

    /** @throws DefinitionException where it is neither a path nor a supported function */
    static Expression parse(LocatedJson source) {
        String text = source.text();
        if (text.startsWith("$")) {
            return path(source);
        }
        var parser = new ExpressionParser(source);
        Expression call = parser.call(NESTING_LIMIT);
        parser.skipSpaces();
        if (parser.at < parser.text.length()) {
            throw source.refused("something follows the intrinsic function");
        }
        return call;
    }

    /** A value that must be a path, not a function. */
    static Expression.Path path(LocatedJson source) {
        return path(source, source.text());
    }

    private static Expression.Path path(LocatedJson source, String text) {
        if (!text.startsWith("$")) {
            throw source.refused("a path, which begins with $, is expected");
        }
        try {
            return Expression.Path.of(text);
        } catch (JsonPathException e) {
            throw source.refused("\"" + text + "\" is not a path: " + e.getMessage());
        }
    }

    private Expression argument(int nestingLeft) {
        skipSpaces();
        char first = peek();
        if (first == '\'') {
            return new Expression.Constant(TextNode.valueOf(string()));
        }
        if (first == '$') {
            return path(source, untilArgumentEnds());
        }
        if (text.startsWith("States.", at)) {
            return call(nestingLeft - 1);
        }
        return constant(untilArgumentEnds());
    }

    private Expression.Call call(int nestingLeft) {
        if (nestingLeft == 0) {
            throw source.refused("intrinsic functions are nested more than " + NESTING_LIMIT + " deep");
        }
        int open = text.indexOf('(', at);
        if (open < 0) {
            throw source.refused("a path or an intrinsic function is expected");
        }
        String name = text.substring(at, open).strip();
        Intrinsic function = Intrinsic.named(name)
                .orElseThrow(() -> source.refused("the intrinsic function \"" + name + "\" is not supported"));
        at = open + 1;
        List<Expression> arguments = arguments(nestingLeft);
        if (!function.takes(arguments.size())) {
            throw source.refused(name + " does not take " + arguments.size() + " arguments");
        }
        return new Expression.Call(function, arguments);
    }

    private List<Expression> arguments(int nestingLeft) {
        var arguments = new ArrayList<Expression>();
        skipSpaces();
        if (peek() == ')') {
            at++;
            return arguments;
        }
        while (true) {
            arguments.add(argument(nestingLeft));
            skipSpaces();
            char separator = peek();
            at++;
            if (separator == ')') {
                return arguments;
            }
            if (separator != ',') {
                throw source.refused("a comma or a closing parenthesis is expected");
            }
        }
    }

    /** Between apostrophes; a backslash keeps itself before braces, which States.Format reads. */
    private String string() {
        at++;
        var value = new StringBuilder();
        while (peek() != '\'') {
            char c = peek();
            if (c == '\\') {
                at++;
                if (peek() == '{' || peek() == '}') {
                    value.append('\\');
                }
                c = peek();
            }
            value.append(c);
            at++;
        }
        at++;
        return value.toString();
    }

    private String untilArgumentEnds() {
        int start = at;
        int brackets = 0;
        while (brackets > 0 || (peek() != ',' && peek() != ')')) {
            brackets += peek() == '[' ? 1 : peek() == ']' ? -1 : 0;
            at++;
        }
        return text.substring(start, at).strip();
    }

    private Expression.Constant constant(String word) {
        return switch (word) {
            case "true" -> new Expression.Constant(BooleanNode.TRUE);
            case "false" -> new Expression.Constant(BooleanNode.FALSE);
            case "null" -> new Expression.Constant(NullNode.instance);
            default -> number(word);
        };
    }

    private Expression.Constant number(String word) {
        try {
            var value = LocatedJson.JSON.readTree(word);
            if (value.isNumber()) {
                return new Expression.Constant(value);
            }
        } catch (JsonProcessingException _) {
            throw source.refused("\"" + word + "\" is no argument");
        }
        throw source.refused("\"" + word + "\" is no argument");
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw source.refused("the intrinsic function is not closed");
        }
        return text.charAt(at);
    }
}
