package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Node.Entry;
import io.orderledger.local.definitions.Route.Parameter;
import io.orderledger.local.definitions.Route.Validation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads an OpenAPI 3.0 document with API Gateway's extensions, and refuses what the gateway does not execute. */
final class OpenApiReader {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String ANY_METHOD = "x-amazon-apigateway-any-method";
    private static final String VALIDATOR = "x-amazon-apigateway-request-validator";
    private static final String VALIDATORS = "x-amazon-apigateway-request-validators";
    private static final String GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses";
    private static final String SECURITY = "security";
    private static final String FOR_PEOPLE = "it is told to people";

    private final Resolver resolver;
    private final Fields document;
    private final Components components;
    private final Map<String, Validation> validators = new LinkedHashMap<>();

    OpenApiReader(Node node, Resolver resolver) {
        this.resolver = resolver;
        this.document = Fields.of(node, "the API", resolver);
        this.components = new Components(document.optionalFields("components"), resolver);
        readTopLevel();
    }

    private void readTopLevel() {
        String version = document.text("openapi");
        if (!version.startsWith("3.0.")) {
            throw new DefinitionException(
                    document.location("openapi"), "API Gateway imports OpenAPI 3.0, not " + version);
        }
        document.entries(VALIDATORS).forEach((name, entry) -> {
            Fields validator = Fields.of(entry.value(), "the validator " + name, resolver);
            validators.put(
                    name,
                    new Validation(
                            validator.optionalFlag("validateRequestBody").orElse(false),
                            validator.optionalFlag("validateRequestParameters").orElse(false)));
            validator.refuseOthers();
        });
        document.without(FOR_PEOPLE, "info", "tags", "externalDocs", "x-amazon-apigateway-documentation");
        document.without("it listens on this machine's loopback address", "servers");
        refuseCallerChecks(document);
        document.without("they are read below", "paths", VALIDATOR, GATEWAY_RESPONSES);
        document.refuseOthers();
    }

    Map<String, GatewayResponse> gatewayResponses() {
        Map<String, GatewayResponse> responses = new LinkedHashMap<>();
        document.entries(GATEWAY_RESPONSES)
                .forEach((type, entry) -> responses.put(
                        type, GatewayResponseReader.read(type, Fields.of(entry.value(), type, resolver), entry)));
        return responses;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        document.entries("paths").forEach((path, entry) -> {
            if (!path.matches("/|(/(\\{[A-Za-z0-9._-]+\\+?}|[^/{}]+))+")) {
                throw new DefinitionException(entry.location(), path + " is no path that API Gateway takes");
            }
            Fields item = Fields.of(entry.value(), path, resolver);
            List<Parameter> shared = parameters(item);
            item.names().forEach(name -> {
                if (METHODS.contains(name) || name.equals(ANY_METHOD)) {
                    routes.add(route(path, name, item.location(name), item.fields(name), shared));
                }
            });
            item.without(FOR_PEOPLE, "summary", "description");
            item.refuseOthers();
        });
        return routes;
    }

    private Route route(String path, String method, Location location, Fields operation, List<Parameter> shared) {
        List<Parameter> parameters = new ArrayList<>(shared);
        parameters.addAll(parameters(operation));
        Map<Integer, List<String>> responseHeaders = responseHeaders(operation);
        Map<String, JsonNode> models = models(operation);
        IntegrationReader integration =
                new IntegrationReader(operation.fields("x-amazon-apigateway-integration"), parameters, responseHeaders);
        Route route = new Route(
                location,
                method.equals(ANY_METHOD) ? Route.ANY : method.toUpperCase(Locale.ROOT),
                path,
                validation(operation),
                parameters,
                models,
                responseHeaders,
                Optional.empty(),
                integration.read());
        refuseCallerChecks(operation);
        operation.without(FOR_PEOPLE, "operationId", "summary", "description", "tags", "deprecated", "externalDocs");
        operation.refuseOthers();
        return route;
    }

    /** A gateway that let everybody in where the definitions say otherwise would be taken for one that checks. */
    private void refuseCallerChecks(Fields owner) {
        for (Node requirement : owner.items(SECURITY)) {
            Fields.mapping(requirement, "a security requirement").entries().forEach((scheme, entry) -> {
                throw new DefinitionException(
                        entry.location(),
                        "the local run cannot check callers, and " + scheme + " asks for it: "
                                + components.remedy(scheme));
            });
        }
    }

    private Validation validation(Fields operation) {
        Fields declaring = operation.has(VALIDATOR) ? operation : document;
        Optional<String> name = operation.optionalText(VALIDATOR).or(() -> document.optionalText(VALIDATOR));
        if (name.isEmpty()) {
            return Validation.NONE;
        }
        Validation validation = validators.get(name.get());
        if (validation == null) {
            throw new DefinitionException(declaring.location(VALIDATOR), "there is no request validator " + name.get());
        }
        return validation;
    }

    private List<Parameter> parameters(Fields owner) {
        List<Parameter> parameters = new ArrayList<>();
        for (Node item : owner.items("parameters")) {
            Fields parameter = Fields.of(components.dereference(item, "parameters"), "a parameter", resolver);
            parameters.add(new Parameter(
                    parameter.location(),
                    parameter.text("name"),
                    source(parameter),
                    parameter.optionalFlag("required").orElse(false)));
            parameter.without(FOR_PEOPLE, "description", "deprecated", "example", "examples");
            parameter.without("API Gateway checks no parameter's value either", "schema", "style", "explode");
            parameter.refuseOthers();
        }
        return parameters;
    }

    private static Parameter.Source source(Fields parameter) {
        return switch (parameter.text("in")) {
            case "path" -> Parameter.Source.PATH;
            case "query" -> Parameter.Source.QUERY;
            case "header" -> Parameter.Source.HEADER;
            default ->
                throw new DefinitionException(
                        parameter.location("in"), "API Gateway takes parameters in path, query and header only");
        };
    }

    private Map<String, JsonNode> models(Fields operation) {
        Map<String, JsonNode> models = new LinkedHashMap<>();
        operation.optional("requestBody").ifPresent(node -> {
            Fields body = Fields.of(components.dereference(node, "requestBodies"), "requestBody", resolver);
            body.entries("content").forEach((mediaType, entry) -> {
                Fields content = Fields.of(entry.value(), mediaType, resolver);
                content.optional("schema").ifPresent(schema -> models.put(mediaType, components.model(schema)));
                content.without(FOR_PEOPLE, "example", "examples");
                content.refuseOthers();
            });
            body.without(FOR_PEOPLE, "description");
            body.without("API Gateway takes a missing body for an empty object", "required");
            body.refuseOthers();
        });
        return models;
    }

    /** API Gateway maps a header of a response only if the method declares it. */
    private Map<Integer, List<String>> responseHeaders(Fields operation) {
        Map<Integer, List<String>> headers = new TreeMap<>();
        for (Map.Entry<String, Entry> response : operation.entries("responses").entrySet()) {
            String status = response.getKey();
            if (!status.matches("[1-5][0-9]{2}")) {
                throw new DefinitionException(
                        response.getValue().location(), "API Gateway takes responses by status, not " + status);
            }
            Node node = components.dereference(response.getValue().value(), "responses");
            Fields fields = Fields.of(node, "the response " + status, resolver);
            headers.put(
                    Integer.parseInt(status),
                    List.copyOf(fields.entries("headers").keySet()));
            fields.without(FOR_PEOPLE, "description", "content", "links");
            fields.refuseOthers();
        }
        return headers;
    }
}
