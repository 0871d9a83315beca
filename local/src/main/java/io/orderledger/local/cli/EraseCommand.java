package io.orderledger.local.cli;

import io.orderledger.ledger.Erased;
import io.orderledger.ledger.Erasure;
import io.orderledger.ledger.ErasureStep;
import io.orderledger.ledger.Ledger;
import io.orderledger.local.instance.Control;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code order-ledger erase}: takes a customer's personal data out of the ledger, for ever. */
@Command(
        name = "erase",
        description = {
            "Erases the personal data of a customer's orders, for ever. The orders stay.",
            "Interrupted, it can be run again; repeating it changes nothing. See docs/privacy.md for where data may still be."
        },
        mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
    private static final Duration MAX_WAIT_FOR_OLDER_APPENDS = Duration.ofMinutes(10);
    private static final Duration MAX_UPKEEP = Duration.ofMinutes(2);

    @Option(
            names = "--customer",
            paramLabel = "ID",
            required = true,
            description = "The customer's ID, as the orders give it in customer.id.")
    private String customer = "";

    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean confirmed;

    @Mixin
    private DataOption data = new DataOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (customer.isBlank()) {
            throw new IllegalArgumentException("--customer must not be empty");
        }
        RoleConnections database = new RoleConnections(new Control(data.instance()));
        if (!confirmed && !isConfirmed()) {
            spec.commandLine().getErr().println("order-ledger: nothing was erased; --yes confirms without asking");
            return OrderLedger.COULD_NOT_RUN;
        }
        Erased erased =
                new Erasure(database.as("ledger_eraser"), MAX_WAIT_FOR_OLDER_APPENDS).erase(customer, this::report);
        boolean shown = new Upkeep(
                        new Ledger(database.as("ledger_sealer")),
                        new CatchUp(database.as("ledger_projector")),
                        RegisteredProjections.ALL)
                .run(MAX_UPKEEP);
        conclude(erased, shown);
        return OrderLedger.DONE;
    }

    /** Only somebody at a terminal can be asked. */
    @SuppressWarnings("SystemConsoleNull") // by its documentation it may be, whatever recent JDKs do
    private boolean isConfirmed() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return false;
        }
        String answer = console.readLine(
                "The personal data of customer %s will be erased for ever. Type the customer's ID to confirm: ",
                customer);
        return customer.equals(answer);
    }

    private void report(ErasureStep step) {
        PrintWriter err = spec.commandLine().getErr();
        switch (step.phase()) {
            case BEGUN -> err.println("begun: nothing from before now is recorded with personal data any more");
            case WAITING -> err.println("waiting for appends that began before");
            case EVENTS ->
                err.printf(
                        "events: position %,d of %,d, %,d orders erased%n",
                        step.reached(), step.last(), step.soFar().orders());
            case REFUSED ->
                err.printf("refused messages: %,d erased%n", step.soFar().messages());
            case DONE -> err.println("done");
        }
        err.flush();
    }

    private void conclude(Erased erased, boolean shown) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("orders " + erased.orders());
        out.println("events " + erased.events());
        out.println("refused messages " + erased.messages());
        if (erased.equals(new Erased(0, 0, 0))) {
            out.println("There was nothing to erase under this ID, or it was erased before.");
        }
        if (!shown) {
            out.println("The list of orders counts the erasures after the next append.");
        }
        out.println("Messages from before the erasure may wait in queues for up to 14 days; they bring nothing back."
                + " Backups: see docs/privacy.md");
    }
}
