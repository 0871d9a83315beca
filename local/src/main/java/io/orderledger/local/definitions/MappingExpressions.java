package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Route.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The right sides of parameter mappings: {@code method.request.header.Name}, {@code context.requestId}, {@code 'text'}. */
final class MappingExpressions {

    private static final Pattern STATIC = Pattern.compile("'([^']*)'");
    private static final String CONTEXT = "context.";
    private static final String STAGE_VARIABLES = "stageVariables.";
    private static final String REQUEST_BODY = "method.request.body";
    private static final String RESPONSE_BODY = "integration.response.body";
    private static final String RESPONSE_HEADER = "integration.response.header.";

    private MappingExpressions() {}

    /** For a parameter of the integration's request; method parameters must be declared. */
    static ValueSource forRequest(Entry entry, List<Parameter> declared) {
        String text = text(entry);
        return common(text, entry)
                .or(() -> body(text, REQUEST_BODY))
                .or(() -> declaredParameter(text, entry, declared))
                .orElseThrow(() -> unknown(text, entry));
    }

    /** For a header of the method's response. */
    static ValueSource forResponse(Entry entry) {
        String text = text(entry);
        return common(text, entry)
                .or(() -> body(text, RESPONSE_BODY))
                .or(() -> text.startsWith(RESPONSE_HEADER)
                        ? Optional.of(new ValueSource.ResponseHeader(text.substring(RESPONSE_HEADER.length())))
                        : Optional.empty())
                .orElseThrow(() -> unknown(text, entry));
    }

    /** For a header of a gateway response; it may read parameters that no method declares. */
    static ValueSource forGatewayResponse(Entry entry) {
        String text = text(entry);
        return common(text, entry).or(() -> parameter(text)).orElseThrow(() -> unknown(text, entry));
    }

    private static Optional<ValueSource> common(String text, Entry entry) {
        var matcher = STATIC.matcher(text);
        if (matcher.matches()) {
            return Optional.of(new ValueSource.Static(matcher.group(1)));
        }
        if (text.startsWith(CONTEXT)) {
            return Optional.of(
                    new ValueSource.ContextVariable(entry.value().location(), text.substring(CONTEXT.length())));
        }
        return text.startsWith(STAGE_VARIABLES)
                ? Optional.of(new ValueSource.StageVariable(text.substring(STAGE_VARIABLES.length())))
                : Optional.empty();
    }

    private static Optional<ValueSource> body(String text, String prefix) {
        if (text.equals(prefix)) {
            return Optional.of(new ValueSource.Body("$"));
        }
        return text.startsWith(prefix + ".")
                ? Optional.of(new ValueSource.Body("$" + text.substring(prefix.length())))
                : Optional.empty();
    }

    private static Optional<ValueSource> parameter(String text) {
        for (Parameter.Source source : Parameter.Source.values()) {
            String prefix = "method.request." + source.word() + ".";
            if (text.startsWith(prefix)) {
                return Optional.of(new ValueSource.RequestParameter(source, text.substring(prefix.length())));
            }
        }
        return Optional.empty();
    }

    private static Optional<ValueSource> declaredParameter(String text, Entry entry, List<Parameter> declared) {
        Optional<ValueSource> parameter = parameter(text);
        parameter.ifPresent(source -> {
            if (source instanceof ValueSource.RequestParameter(Parameter.Source from, String name)
                    && declared.stream()
                            .noneMatch(one -> one.source() == from && one.name().equals(name))) {
                throw new DefinitionException(entry.value().location(), "the method declares no parameter for " + text);
            }
        });
        return parameter;
    }

    private static String text(Entry entry) {
        return Resolver.textOf(entry.value(), "a mapping expression");
    }

    private static DefinitionException unknown(String text, Entry entry) {
        return new DefinitionException(
                entry.value().location(), "the local run does not support the mapping expression " + text);
    }
}
