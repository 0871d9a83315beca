package io.orderledger.local.definitions;

import io.orderledger.local.definitions.Route.Throttle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code AWS::Serverless::Api}; its OpenAPI document is left to {@link OpenApiReader}. */
final class ApiReader {

    /** One of {@code MethodSettings}; it is for every path or method where it says {@code *}. */
    private record MethodThrottle(String path, String method, Throttle throttle) {

        boolean isFor(Route route) {
            return (path.equals("/*") || path.equals(route.path()))
                    && (method.equals("*") || method.equals(route.method()));
        }
    }

    private final Template template;
    private final Resource resource;

    ApiReader(Template template, Resource resource) {
        this.template = template;
        this.resource = resource;
    }

    Api read() {
        Fields fields = resource.fields(template.resolver());
        String id =
                Resolver.textOf(template.references().ref(resource.logicalId(), resource.location()), "the API's ID");
        StackContext context = template.context();
        List<MethodThrottle> throttles = throttles(fields);
        OpenApiReader document = new OpenApiReader(fields.required("DefinitionBody"), template.resolver());
        List<Route> routes = document.routes().stream()
                .map(route -> throttled(route, throttles))
                .toList();
        Api api = new Api(
                resource.location(),
                resource.logicalId(),
                id,
                "arn:" + StackReferences.PARTITION + ":execute-api:" + context.region() + ":" + context.accountId()
                        + ":" + id,
                context.region(),
                context.accountId(),
                fields.text("StageName"),
                fields.texts("Variables"),
                routes,
                document.gatewayResponses());
        fields.without("they are told to people", "Name", "Description", "Tags", "PropagateTags");
        fields.without("it listens on this machine's loopback address", "EndpointConfiguration");
        fields.without("it concerns SAM's own reading of the document", "OpenApiVersion", "FailOnWarnings");
        fields.without("logs and traces are not collected", "AccessLogSetting", "TracingEnabled");
        fields.without("every start is a deployment", "AlwaysDeploy");
        fields.refuseOthers();
        return api;
    }

    private static List<MethodThrottle> throttles(Fields api) {
        List<MethodThrottle> throttles = new ArrayList<>();
        for (Fields setting : api.listOfFields("MethodSettings")) {
            String path = decodedPath(setting.optionalText("ResourcePath").orElse("/*"));
            String method = setting.optionalText("HttpMethod").orElse("*");
            boolean limited = setting.has("ThrottlingRateLimit") || setting.has("ThrottlingBurstLimit");
            if (limited) {
                throttles.add(new MethodThrottle(path, method, throttle(setting)));
            }
            setting.without("logs and metrics are not collected", "LoggingLevel", "DataTraceEnabled", "MetricsEnabled");
            setting.refuseOthers();
        }
        return throttles;
    }

    private static Throttle throttle(Fields setting) {
        int burst = setting.optionalInteger("ThrottlingBurstLimit", 0, Integer.MAX_VALUE)
                .orElseThrow(() -> new DefinitionException(
                        setting.location(), "ThrottlingRateLimit and ThrottlingBurstLimit go together"));
        try {
            return new Throttle(Double.parseDouble(setting.text("ThrottlingRateLimit")), burst);
        } catch (NumberFormatException e) {
            throw new DefinitionException(
                            setting.location("ThrottlingRateLimit"), "ThrottlingRateLimit must be a number")
                    .causedBy(e);
        }
    }

    /** The setting for the very method wins over the one for all. */
    private static Route throttled(Route route, List<MethodThrottle> throttles) {
        return throttles.stream()
                .filter(throttle -> throttle.isFor(route))
                .max((one, other) ->
                        Boolean.compare(!one.path().equals("/*"), !other.path().equals("/*")))
                .map(throttle -> new Route(
                        route.location(),
                        route.method(),
                        route.path(),
                        route.validation(),
                        route.parameters(),
                        route.models(),
                        route.responseHeaders(),
                        Optional.of(throttle.throttle()),
                        route.integration()))
                .orElse(route);
    }

    /** {@code /~1orders~1{orderId}} and {@code /orders/{orderId}} are both seen in templates. */
    private static String decodedPath(String path) {
        return path.startsWith("/~1") ? path.substring(1).replace("~1", "/") : path;
    }
}
