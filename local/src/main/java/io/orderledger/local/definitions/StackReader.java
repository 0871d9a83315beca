package io.orderledger.local.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.Node.Mapping;
import java.util.List;

/** Puts together what the readers of the single resource types find. */
final class StackReader {

    private final Template template;
    private final Resolver resolver;

    StackReader(Template template) {
        this.template = template;
        this.resolver = template.resolver();
    }

    Stack read() {
        MessagingReader messaging = new MessagingReader(template);
        List<FunctionDefinition> functions = new FunctionReader(template).functions();
        Stack stack = new Stack(
                api(),
                functions,
                messaging.buses(),
                messaging.rules(),
                messaging.queues(),
                messaging.queuePolicies(),
                new WorkflowReader(template).workflows(),
                new ScheduleReader(template).schedules(),
                template.customResources().stream().map(this::customResource).toList(),
                template.outputs());
        Consistency.check(stack);
        return stack;
    }

    JsonNode openApi() {
        return apiResource().fields(resolver).required("DefinitionBody").toJson();
    }

    private Api api() {
        return new ApiReader(template, apiResource()).read();
    }

    private Resource apiResource() {
        List<Resource> apis = template.resources(ResourceType.API);
        if (apis.size() != 1) {
            Location at = apis.isEmpty()
                    ? new Location(Template.nameOf(template.folder(), Template.FILE), 1)
                    : apis.get(1).location();
            throw new DefinitionException(at, "the local run serves exactly one " + ResourceType.API);
        }
        return apis.getFirst();
    }

    private CustomResourceDefinition customResource(Resource resource) {
        Mapping properties = Fields.mapping(resolver.resolveRequired(resource.properties()), resource.logicalId());
        String serviceToken = resource.fields(resolver).text("ServiceToken");
        return new CustomResourceDefinition(
                resource.location(),
                resource.logicalId(),
                resource.type().name(),
                serviceToken,
                CustomResourceProperties.of(properties));
    }
}
