package io.orderledger.local.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.local.definitions.DefinitionException;
import io.orderledger.local.definitions.WorkflowDefinition;
import io.orderledger.local.workflow.State.Flow;
import io.orderledger.local.workflow.State.Shaping;
import io.orderledger.local.workflow.State.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a workflow's definition. Whatever it does not know is refused: a field that is ignored here would work on AWS, and
 * nobody would notice.
 */
final class StateMachineReader {

    private static final Duration EXPRESS_LIMIT = Duration.ofMinutes(5);
    private static final int SECONDS_LIMIT = 99_999_999;
    private static final String ROOT_PATH = "$";
    private static final Set<String> COMMON = Set.of("Type", "Comment", "QueryLanguage", "InputPath", "OutputPath");

    private final LocatedJson root;
    private final Map<String, LocatedJson> transitions = new LinkedHashMap<>();

    private StateMachineReader(LocatedJson root) {
        this.root = root;
    }

    /** @throws DefinitionException with file, line and reason, where anything is not supported */
    static StateMachine read(WorkflowDefinition definition) {
        LocatedJson root = LocatedJson.read(definition.file(), definition.definition());
        return new StateMachineReader(root).machine(definition);
    }

    private StateMachine machine(WorkflowDefinition definition) {
        root.allowOnly(Set.of("Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage"));
        requireJsonPath(root);
        var states = new LinkedHashMap<String, State>();
        root.get("States").members().forEach((name, json) -> states.put(name, state(json)));
        leadsTo(root.get("StartAt"));
        transitions.forEach((name, json) -> {
            if (!states.containsKey(name)) {
                throw json.refused("there is no state \"" + name + "\"");
            }
        });
        Duration limit = root.find("TimeoutSeconds")
                .map(seconds -> Duration.ofSeconds(seconds.integer(1, SECONDS_LIMIT)))
                .filter(duration -> duration.compareTo(EXPRESS_LIMIT) < 0)
                .orElse(EXPRESS_LIMIT);
        return new StateMachine(
                definition.arn(), definition.name(), root.get("StartAt").text(), limit, states);
    }

    private State state(LocatedJson json) {
        requireJsonPath(json);
        LocatedJson type = json.get("Type");
        return switch (type.text()) {
            case "Task" -> task(json);
            case "Pass" -> pass(json);
            case "Choice" -> choice(json);
            case "Succeed" -> succeed(json);
            case "Fail" -> fail(json);
            default -> throw type.refused("states of type \"" + type.text() + "\" are not supported");
        };
    }

    private State task(LocatedJson json) {
        allow(
                json,
                "Resource",
                "Parameters",
                "ResultSelector",
                "ResultPath",
                "TimeoutSeconds",
                "Retry",
                "Catch",
                "Next",
                "End");
        LocatedJson resource = json.get("Resource");
        Integration integration = Integration.of(resource.text())
                .orElseThrow(() -> resource.refused("the resource \"" + resource.text() + "\" is not supported"));
        checkParameters(json.get("Parameters"), integration);
        return new State.Task(
                flow(json),
                shaping(json),
                integration,
                json.find("ResultSelector").map(PayloadTemplate::of),
                json.find("TimeoutSeconds").map(seconds -> Duration.ofSeconds(seconds.integer(1, SECONDS_LIMIT))),
                json.find("Retry").map(HandlerReader::retriers).orElse(List.of()),
                catchers(json),
                transition(json));
    }

    private static void checkParameters(LocatedJson parameters, Integration integration) {
        List<String> names = parameters.members().keySet().stream()
                .map(name -> name.endsWith(".$") ? name.substring(0, name.length() - 2) : name)
                .toList();
        for (String name : integration.required()) {
            if (!names.contains(name)) {
                throw parameters.refused("the parameter \"" + name + "\" is missing");
            }
        }
        parameters.members().forEach((name, value) -> {
            String plain = name.endsWith(".$") ? name.substring(0, name.length() - 2) : name;
            if (!integration.supported().contains(plain)) {
                throw value.refused("the parameter \"" + plain + "\" is not supported here");
            }
        });
    }

    private List<State.Catcher> catchers(LocatedJson json) {
        var catchers = new ArrayList<State.Catcher>();
        json.find("Catch").stream().flatMap(all -> all.elements().stream()).forEach(each -> {
            leadsTo(each.get("Next"));
            catchers.add(HandlerReader.catcher(each));
        });
        return List.copyOf(catchers);
    }

    private State pass(LocatedJson json) {
        allow(json, "Parameters", "Result", "ResultPath", "Next", "End");
        Optional<JsonNode> result = json.find("Result").map(LocatedJson::value);
        return new State.Pass(flow(json), shaping(json), result, transition(json));
    }

    private State choice(LocatedJson json) {
        allow(json, "Choices", "Default");
        var branches = new ArrayList<State.Branch>();
        for (LocatedJson branch : json.get("Choices").elements()) {
            branches.add(new State.Branch(ChoiceReader.read(branch), leadsTo(branch.get("Next"))));
        }
        if (branches.isEmpty()) {
            throw json.get("Choices").refused("at least one choice is expected");
        }
        return new State.Choice(
                flow(json), List.copyOf(branches), json.find("Default").map(this::leadsTo));
    }

    private State succeed(LocatedJson json) {
        allow(json);
        return new State.Succeed(flow(json));
    }

    private State fail(LocatedJson json) {
        json.allowOnly(Set.of("Type", "Comment", "QueryLanguage", "Error", "ErrorPath", "Cause", "CausePath"));
        return new State.Fail(flow(json), textOrPath(json, "Error"), textOrPath(json, "Cause"));
    }

    private static Optional<Expression> textOrPath(LocatedJson json, String member) {
        Optional<Expression> text = json.find(member).map(value -> {
            value.text();
            return new Expression.Constant(value.value());
        });
        Optional<Expression> path = json.find(member + "Path").map(ExpressionParser::parse);
        if (text.isPresent() && path.isPresent()) {
            throw json.refused("\"" + member + "\" and \"" + member + "Path\" exclude each other");
        }
        return text.or(() -> path);
    }

    private static Shaping shaping(LocatedJson json) {
        Optional<ReferencePath> place = json.find("ResultPath")
                .map(path -> path.value().isNull()
                        ? Optional.<ReferencePath>empty()
                        : Optional.of(ReferencePath.parse(path)))
                .orElse(Optional.of(ReferencePath.ROOT));
        return new Shaping(json.find("Parameters").map(PayloadTemplate::of), place);
    }

    private static Flow flow(LocatedJson json) {
        return new Flow(path(json, "InputPath"), path(json, "OutputPath"));
    }

    private static Optional<Expression.Path> path(LocatedJson json, String member) {
        return json.find(member)
                .map(path -> path.value().isNull()
                        ? Optional.<Expression.Path>empty()
                        : Optional.of(ExpressionParser.path(path)))
                .orElse(Optional.of(Expression.Path.of(ROOT_PATH)));
    }

    private Transition transition(LocatedJson json) {
        boolean ends = json.find("End").map(LocatedJson::bool).orElse(false);
        Optional<String> next = json.find("Next").map(this::leadsTo);
        if (ends == next.isPresent()) {
            throw json.refused("a state has either \"Next\" or \"End\": true");
        }
        return new Transition(next);
    }

    private String leadsTo(LocatedJson next) {
        transitions.putIfAbsent(next.text(), next);
        return next.text();
    }

    private static void allow(LocatedJson json, String... fields) {
        json.allowOnly(Stream.concat(COMMON.stream(), Stream.of(fields))
                .collect(java.util.stream.Collectors.toUnmodifiableSet()));
    }

    private static void requireJsonPath(LocatedJson json) {
        json.find("QueryLanguage")
                .filter(language -> !language.text().equals("JSONPath"))
                .ifPresent(language -> {
                    throw language.refused("the query language " + language.text() + " is not supported");
                });
    }
}
