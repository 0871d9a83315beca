package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;

/** {@code order-ledger dead-letters}: single messages that were given up, wherever they wait. */
@Command(
        name = "dead-letters",
        description = {
            "Lists and shows messages that were given up, and decides about those that are parked in the ledger: refused, because they are in",
            "conflict or invalid, or failed too often. What waits in the dead-letter queues is replayed by order-ledger replay, and never dropped."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            ParkedReplayCommand.class,
            ParkedDropCommand.class
        },
        commandListHeading = "%nVerbs:%n",
        synopsisSubcommandLabel = "(list | show | replay | drop)")
final class DeadLettersCommand {

    /**
     * The parked message that an ID, or the beginning of one, means.
     *
     * @throws CannotRun if it means none, or several
     */
    static ObjectNode found(FunctionCall function, String id, boolean personalData) {
        ObjectNode request =
                JsonNodeFactory.instance.objectNode().put("verb", "show").put("id", id);
        ObjectNode answer = function.answer(personalData ? request.put("personalData", true) : request);
        return switch (answer.path("found").asInt()) {
            case 1 -> answer;
            case 0 -> throw new CannotRun("no message is parked as " + id, "dead-letters list --state all");
            default ->
                throw new CannotRun(
                        id + " is the beginning of several IDs; give more digits", "dead-letters list --state all");
        };
    }
}
