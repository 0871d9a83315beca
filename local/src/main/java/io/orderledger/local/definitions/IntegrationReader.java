package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Integration.ParameterMapping;
import io.orderledger.local.definitions.Integration.Passthrough;
import io.orderledger.local.definitions.Integration.Response;
import io.orderledger.local.definitions.Integration.ResponseTemplate;
import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Route.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one {@code x-amazon-apigateway-integration}. */
final class IntegrationReader {

    private static final Pattern SERVICE_ACTION =
            Pattern.compile("arn:[^:]+:apigateway:[^:]+:([a-z]+):action/([A-Za-z]+)");
    private static final Pattern FUNCTION =
            Pattern.compile("arn:[^:]+:apigateway:[^:]+:lambda:path/2015-03-31/functions/(arn:.+)/invocations");
    private static final Set<String> ACTIONS = Set.of("events:PutEvents", "states:StartSyncExecution");
    private static final int LEAST_TIMEOUT_MILLISECONDS = 50;
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final String REQUEST_PREFIX = "integration.request.";
    private static final String RESPONSE_HEADER_PREFIX = "method.response.header.";

    private final Fields fields;
    private final List<Parameter> declared;
    private final Map<Integer, List<String>> responseHeaders;

    IntegrationReader(Fields fields, List<Parameter> declared, Map<Integer, List<String>> responseHeaders) {
        this.fields = fields;
        this.declared = declared;
        this.responseHeaders = responseHeaders;
    }

    Integration read() {
        String type = fields.text("type").toLowerCase(Locale.ROOT);
        fields.without("calls on one machine are not authorised by identity policies", "credentials");
        Integration integration = switch (type) {
            case "aws" -> serviceCall();
            case "aws_proxy" -> functionCall();
            case "mock" -> mock();
            default ->
                throw new DefinitionException(
                        fields.location("type"), "the local run does not support integrations of type " + type);
        };
        if (!fields.optionalText("connectionType").orElse("INTERNET").equals("INTERNET")) {
            throw new DefinitionException(fields.location("connectionType"), "the local run has no VPC links");
        }
        fields.refuseOthers();
        return integration;
    }

    private Integration serviceCall() {
        Matcher action = uri(SERVICE_ACTION, "an action of a service");
        String name = action.group(1) + ":" + action.group(2);
        if (!ACTIONS.contains(name)) {
            throw new DefinitionException(fields.location("uri"), "the local run does not answer " + name);
        }
        if (!fields.has("credentials")) {
            throw new DefinitionException(fields.location(), "an integration of type aws needs credentials: a role");
        }
        return new Integration.ServiceCall(
                fields.location(),
                action.group(1),
                action.group(2),
                timeout(),
                passthrough(),
                parameterMappings(),
                requestTemplates(),
                responses());
    }

    private Integration functionCall() {
        String arn = uri(FUNCTION, "a function's invocations").group(1);
        fields.without("a proxy integration maps nothing", "passthroughBehavior");
        return new Integration.FunctionCall(fields.location(), arn, timeout());
    }

    private Integration mock() {
        fields.without("nothing is called", "uri", "httpMethod", "timeoutInMillis");
        return new Integration.Mock(fields.location(), passthrough(), requestTemplates(), responses());
    }

    private Matcher uri(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(fields.text("uri"));
        if (!matcher.matches()) {
            throw new DefinitionException(fields.location("uri"), "the uri must name " + what);
        }
        if (!fields.text("httpMethod").equals("POST")) {
            throw new DefinitionException(fields.location("httpMethod"), "services and functions are called with POST");
        }
        return matcher;
    }

    private Duration timeout() {
        int longest = (int) Integration.LONGEST_TIMEOUT.toMillis();
        return Duration.ofMillis(fields.optionalInteger("timeoutInMillis", LEAST_TIMEOUT_MILLISECONDS, longest)
                .orElse(longest));
    }

    private Passthrough passthrough() {
        String behavior = fields.optionalText("passthroughBehavior").orElse("when_no_match");
        return switch (behavior.toLowerCase(Locale.ROOT)) {
            case "when_no_match" -> Passthrough.WHEN_NO_MATCH;
            case "when_no_templates" -> Passthrough.WHEN_NO_TEMPLATES;
            case "never" -> Passthrough.NEVER;
            default ->
                throw new DefinitionException(
                        fields.location("passthroughBehavior"), "there is no passthroughBehavior " + behavior);
        };
    }

    private List<ParameterMapping> parameterMappings() {
        List<ParameterMapping> mappings = new ArrayList<>();
        fields.entries("requestParameters").forEach((target, entry) -> {
            String prefix = REQUEST_PREFIX + Parameter.Source.HEADER.word() + ".";
            if (!target.startsWith(prefix)) {
                throw new DefinitionException(entry.location(), "the local run maps " + prefix + "* only");
            }
            mappings.add(new ParameterMapping(
                    entry.location(),
                    Parameter.Source.HEADER,
                    target.substring(prefix.length()),
                    MappingExpressions.forRequest(entry, declared)));
        });
        return mappings;
    }

    private Map<String, TemplateText> requestTemplates() {
        Map<String, TemplateText> templates = new LinkedHashMap<>();
        fields.entries("requestTemplates").forEach((mediaType, entry) -> templates.put(mediaType, template(entry)));
        return Collections.unmodifiableMap(templates);
    }

    private static TemplateText template(Entry entry) {
        return new TemplateText(entry.value().location(), Resolver.textOf(entry.value(), "a template"));
    }

    private List<Response> responses() {
        List<Response> responses = new ArrayList<>();
        fields.entries("responses").forEach((pattern, entry) -> responses.add(response(pattern, entry)));
        if (responses.isEmpty()) {
            throw new DefinitionException(fields.location(), "the integration has no responses: every call would fail");
        }
        return responses;
    }

    private Response response(String pattern, Entry entry) {
        Fields response = fields.fields("responses").fields(pattern);
        int status = response.optionalInteger("statusCode", LEAST_STATUS, MOST_STATUS)
                .orElseThrow(() -> new DefinitionException(entry.location(), "the response needs statusCode"));
        List<String> declaredHeaders = responseHeaders.get(status);
        if (declaredHeaders == null) {
            throw new DefinitionException(
                    response.location("statusCode"), "the method declares no response with status " + status);
        }
        Map<String, ValueSource> headers = new LinkedHashMap<>();
        response.entries("responseParameters").forEach((target, value) -> {
            String name =
                    target.startsWith(RESPONSE_HEADER_PREFIX) ? target.substring(RESPONSE_HEADER_PREFIX.length()) : "";
            if (!declaredHeaders.contains(name)) {
                throw new DefinitionException(
                        value.location(), "the method's response " + status + " declares no header for " + target);
            }
            headers.put(name, MappingExpressions.forResponse(value));
        });
        Response read = new Response(
                entry.location(), selectionPattern(pattern, entry), status, headers, responseTemplate(response));
        response.refuseOthers();
        return read;
    }

    private static Optional<Pattern> selectionPattern(String pattern, Entry entry) {
        try {
            return pattern.equals("default") ? Optional.empty() : Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw new DefinitionException(entry.location(), pattern + " is no regular expression").causedBy(e);
        }
    }

    private static Optional<ResponseTemplate> responseTemplate(Fields response) {
        Map<String, Entry> templates = response.entries("responseTemplates");
        if (templates.size() > 1) {
            throw new DefinitionException(
                    response.location("responseTemplates"),
                    "the local run takes one template a response: it does not look at Accept");
        }
        return templates.entrySet().stream()
                .findFirst()
                .map(template -> new ResponseTemplate(template.getKey(), template(template.getValue())));
    }
}
