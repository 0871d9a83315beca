package io.orderledger.local.definitions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code AWS::Serverless::StateMachine} with the file that {@code DefinitionUri} names. */
final class WorkflowReader {

    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{([^}]*)}");

    private final Template template;
    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    WorkflowReader(Template template) {
        this.template = template;
    }

    List<WorkflowDefinition> workflows() {
        return template.resources(ResourceType.STATE_MACHINE).stream()
                .map(this::workflow)
                .toList();
    }

    private WorkflowDefinition workflow(Resource resource) {
        Fields fields = resource.fields(template.resolver());
        if (!fields.optionalText("Type").orElse("STANDARD").equals("EXPRESS")) {
            throw new DefinitionException(
                    fields.location("Type"), "the local run executes workflows of Type EXPRESS only");
        }
        String uri = fields.text("DefinitionUri");
        Path path = template.fileOf(uri, fields.location("DefinitionUri"));
        String file = Template.nameOf(template.folder(), uri);
        String text = YamlFile.textOf(path, file);
        requireJson(text, file);
        WorkflowDefinition workflow = new WorkflowDefinition(
                resource.location(),
                resource.logicalId(),
                template.references().name(resource),
                Resolver.textOf(
                        template.references().attribute(resource.logicalId(), "Arn", resource.location()), "Arn"),
                file,
                substituted(text, file, fields.texts("DefinitionSubstitutions")));
        fields.optionalText("Name");
        fields.without("calls on one machine are not authorised by identity policies", "Role", "Policies");
        fields.without("calls on one machine are not authorised by identity policies", "PermissionsBoundary");
        fields.without("logs and traces are not collected", "Logging", "Tracing");
        fields.without("they are told to people", "Tags", "PropagateTags");
        fields.refuseOthers();
        return workflow;
    }

    private void requireJson(String text, String file) {
        try {
            json.readTree(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new DefinitionException(file, line, "not valid JSON").causedBy(e);
        }
    }

    /** The values are put in as they are, so the file's lines stay where they are. */
    private static String substituted(String text, String file, Map<String, String> values) {
        Matcher matcher = SUBSTITUTION.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                int line = 1
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                throw new DefinitionException(
                        file, line, "DefinitionSubstitutions has no value for ${" + matcher.group(1) + "}");
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }
}
