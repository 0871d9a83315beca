package io.orderledger.local.definitions;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads schedules. Only rates are supported, and only functions as targets. */
final class ScheduleReader {
    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]{0,5}) (minute|hour|day)s?\\)");

    private final Template template;

    ScheduleReader(Template template) {
        this.template = template;
    }

    List<ScheduleDefinition> schedules() {
        return template.resources(ResourceType.SCHEDULE).stream()
                .map(this::schedule)
                .toList();
    }

    private ScheduleDefinition schedule(Resource resource) {
        Fields fields = resource.fields(template.resolver());
        Fields target = fields.fields("Target");
        ScheduleDefinition schedule = new ScheduleDefinition(
                resource.location(), resource.logicalId(), enabled(fields), interval(fields), target.text("Arn"));
        target.without("calls on one machine are not authorised by identity policies", "RoleArn");
        target.without("the next invocation comes here, and no retry", "RetryPolicy");
        target.refuseOthers();
        fields.optionalText("Name");
        fields.without("it is told to people", "Description");
        fields.without("an invocation comes at its time here", "FlexibleTimeWindow");
        fields.refuseOthers();
        return schedule;
    }

    private static boolean enabled(Fields fields) {
        String state = fields.optionalText("State").orElse("ENABLED");
        return switch (state) {
            case "ENABLED" -> true;
            case "DISABLED" -> false;
            default -> throw new DefinitionException(fields.location("State"), "a schedule's state cannot be " + state);
        };
    }

    private static Duration interval(Fields fields) {
        String expression = fields.text("ScheduleExpression");
        Matcher rate = RATE.matcher(expression);
        if (!rate.matches()) {
            throw new DefinitionException(
                    fields.location("ScheduleExpression"),
                    "the local run supports rate(…) in minutes, hours or days, not " + expression);
        }
        long number = Long.parseLong(rate.group(1));
        return switch (rate.group(2)) {
            case "minute" -> Duration.ofMinutes(number);
            case "hour" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
