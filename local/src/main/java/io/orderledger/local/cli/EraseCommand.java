package io.orderledger.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.ledger.Erased;
import io.orderledger.ledger.Erasure;
import io.orderledger.ledger.ErasureStep;
import io.orderledger.ledger.Ledger;
import io.orderledger.local.instance.Control;
import io.orderledger.local.instance.Instance;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code order-ledger erase}: takes a customer's personal data out of the ledger, for ever. */
@Command(
        name = "erase",
        description = {
            "Erases the personal data of a customer's orders, for ever. The orders stay.",
            "Interrupted, it can be run again; repeating it changes nothing. See docs/privacy.md for where data may still be."
        })
final class EraseCommand extends ReportingCommand {
    private static final Duration MAX_WAIT_FOR_OLDER_APPENDS = Duration.ofMinutes(10);
    private static final Duration MAX_UPKEEP = Duration.ofMinutes(2);

    @Option(
            names = "--customer",
            paramLabel = "ID",
            required = true,
            description = "The customer's ID, as the orders give it in customer.id.")
    private String customer = "";

    @Mixin
    private DryRun dryRun = new DryRun();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private DataOption data = new DataOption();

    @Override
    Answer answer() throws Exception {
        if (customer.isBlank()) {
            throw new IllegalArgumentException("--customer must not be empty");
        }
        Instance instance = data.instance();
        if (dryRun.isGiven()) {
            return meant(
                    new CustomerOrders(new RoleConnections(new Control(instance)).as("ledger_reader")).of(customer));
        }
        confirmation.demand(
                "The personal data of customer " + Screen.printable(customer)
                        + " will be erased for ever. Type the customer's ID to confirm",
                customer);
        RoleConnections database = new RoleConnections(new Control(instance));
        Erased erased;
        try (ProgressDisplay display = new ProgressDisplay(output().err())) {
            erased = new Erasure(database.as("ledger_eraser"), MAX_WAIT_FOR_OLDER_APPENDS)
                    .erase(customer, step -> report(step, display));
        }
        boolean shown = new Upkeep(
                        new Ledger(database.as("ledger_sealer")),
                        new CatchUp(database.as("ledger_projector")),
                        RegisteredProjections.ALL)
                .run(MAX_UPKEEP);
        return answer(erased, shown);
    }

    private static Answer meant(CustomerOrders.Count count) {
        ObjectNode told = Answer.object()
                .put("dryRun", true)
                .put("orders", count.orders())
                .put("eventsWithPersonalData", count.events());
        return Answer.done(
                told,
                screen -> screen.line(
                        "%,d orders have %,d events with personal data, which would be erased for ever; nothing was"
                                + " changed",
                        count.orders(), count.events()));
    }

    private static void report(ErasureStep step, ProgressDisplay display) {
        switch (step.phase()) {
            case BEGUN -> display.print("begun: nothing from before now is recorded with personal data any more");
            case WAITING -> display.print("waiting for appends that began before");
            case EVENTS ->
                display.print("events: position %,d of %,d, %,d orders erased"
                        .formatted(step.reached(), step.last(), step.soFar().orders()));
            case REFUSED ->
                display.print(
                        "refused messages: %,d erased".formatted(step.soFar().messages()));
            case DONE -> display.print("done");
        }
    }

    private static Answer answer(Erased erased, boolean shown) {
        ObjectNode told = Answer.object()
                .put("orders", erased.orders())
                .put("events", erased.events())
                .put("refusedMessages", erased.messages())
                .put("viewsAreCurrent", shown);
        return Answer.done(told, screen -> {
            screen.line("orders %d", erased.orders());
            screen.line("events %d", erased.events());
            screen.line("refused messages %d", erased.messages());
            if (erased.equals(new Erased(0, 0, 0))) {
                screen.line("There was nothing to erase under this ID, or it was erased before.");
            }
            if (!shown) {
                screen.line("The list of orders counts the erasures after the next append.");
            }
            screen.line(
                    "Messages from before the erasure may wait in queues for up to 14 days; they bring nothing back."
                            + " Backups: see docs/privacy.md");
        });
    }
}
