package io.orderledger.local.gateway;

import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.GatewayResponse;
import io.orderledger.local.definitions.Route.Parameter.Source;
import io.orderledger.local.definitions.TemplateText;
import io.orderledger.local.definitions.ValueSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the gateway answers by itself. Its templates know substitution only: {@code $context.…}, {@code
 * $stageVariables.…} and {@code $method.request.…} are replaced, nothing is evaluated. Thread-safe.
 */
final class GatewayResponses {

    private static final String NAME = "(context|stageVariables|method\\.request)\\.([A-Za-z0-9_.-]*[A-Za-z0-9_-])";
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{" + NAME + "}|" + NAME + ")");
    private static final Pattern DIRECTIVE = Pattern.compile("#(set|if|foreach|else|end|evaluate|parse|include)\\b");
    private static final String JSON = "application/json";

    /** A variable in a template, with or without braces. */
    private record Reference(String root, String name) {

        static Reference of(MatchResult match) {
            return match.group(1) == null
                    ? new Reference(match.group(3), match.group(4))
                    : new Reference(match.group(1), match.group(2));
        }
    }

    private final Map<String, GatewayResponse> responses;

    GatewayResponses(Map<String, GatewayResponse> responses) {
        this.responses = responses;
        responses.values().forEach(response -> {
            response.headers().values().forEach(source -> ParameterValues.check(source, true));
            response.templates().values().forEach(GatewayResponses::check);
        });
    }

    private static void check(TemplateText template) {
        if (DIRECTIVE.matcher(template.text()).find()) {
            throw new DefinitionException(template.location(), "VTL is not evaluated in a gateway response");
        }
        VARIABLE.matcher(template.text()).results().map(Reference::of).forEach(reference -> {
            if (reference.root().equals("context") && !ContextVariables.isKnownInGatewayResponse(reference.name())) {
                throw new DefinitionException(
                        template.location(), "the local run does not support $context." + reference.name());
            }
        });
    }

    GatewayAnswer answer(Refusal refusal, Exchange exchange) {
        ResponseType type = refusal.type();
        Optional<GatewayResponse> defined = Optional.ofNullable(responses.get(type.name()))
                .or(() -> Optional.ofNullable(responses.get(type.fallback())));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        String mediaType = defined.flatMap(
                        response -> response.templates().keySet().stream().findFirst())
                .orElse(JSON);
        headers.put("Content-Type", List.of(mediaType));
        headers.put("x-amzn-ErrorType", List.of(type.errorType()));
        defined.ifPresent(response -> response.headers()
                .forEach((name, source) -> header(source, refusal, exchange)
                        .filter(value -> new Headers(Map.of(name, List.of(value))).areWellFormed())
                        .ifPresent(value -> headers.put(canonical(name, headers), List.of(value)))));
        String body = defined.flatMap(
                        response -> response.templates().values().stream().findFirst())
                .map(template -> substituted(template.text(), refusal, exchange))
                .orElseGet(() -> "{\"message\":\"" + Json.escaped(refusal.message()) + "\"}");
        int status = defined.flatMap(GatewayResponse::status).orElse(type.status());
        return new GatewayAnswer(status, new Headers(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String canonical(String name, Map<String, List<String>> headers) {
        return headers.keySet().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElse(name);
    }

    private static Optional<String> header(ValueSource source, Refusal refusal, Exchange exchange) {
        if (source instanceof ValueSource.ContextVariable variable
                && variable.path().startsWith("error.")) {
            return Optional.of(error(variable.path(), refusal));
        }
        return ParameterValues.value(source, exchange, "", new Headers(Map.of()));
    }

    private static String substituted(String template, Refusal refusal, Exchange exchange) {
        return VARIABLE.matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(variable(Reference.of(match), refusal, exchange)));
    }

    /** Values are escaped for the JSON they are put into; {@code error.messageString} brings its own quotes. */
    private static String variable(Reference reference, Refusal refusal, Exchange exchange) {
        String root = reference.root();
        String name = reference.name();
        if (root.equals("context")) {
            if (name.equals("error.messageString")) {
                return "\"" + Json.escaped(refusal.message()) + "\"";
            }
            return Json.escaped(
                    name.startsWith("error.") ? error(name, refusal) : ContextVariables.text(exchange, name));
        }
        if (root.equals("stageVariables")) {
            return Json.escaped(exchange.api().stageVariables().getOrDefault(name, ""));
        }
        return Json.escaped(requestParameter(name, exchange));
    }

    private static String requestParameter(String name, Exchange exchange) {
        return Arrays.stream(Source.values())
                .filter(source -> name.startsWith(source.word() + "."))
                .map(source -> new ValueSource.RequestParameter(
                        source, name.substring(source.word().length() + 1)))
                .flatMap(source -> ParameterValues.value(source, exchange, "", new Headers(Map.of())).stream())
                .findFirst()
                .orElse("");
    }

    private static String error(String name, Refusal refusal) {
        return switch (name) {
            case "error.message" -> refusal.message();
            case "error.messageString" -> "\"" + refusal.message() + "\"";
            case "error.responseType" -> refusal.type().name();
            case "error.validationErrorString" -> refusal.validationError();
            default -> throw new IllegalStateException("no variable " + name);
        };
    }
}
