package io.orderledger.local.cli;

import io.orderledger.ledger.AppendResult;
import io.orderledger.ledger.BatchEvent;
import io.orderledger.ledger.BatchRefused;
import io.orderledger.ledger.BatchResult;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.OnRefusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Appends the events of a file in batches, in the file's order. Interrupted or stopped at a line, it is simply run again: what is
 * recorded is found again as duplicates.
 */
final class Import {
    /** JSON takes up to some six times as much in the database as in the file, and that must fit a batch of the ledger. */
    private static final int MAX_BATCH_SIZE_BYTES = 2 * 1024 * 1024;

    /** Nobody reads more of the same. */
    private static final int MAX_REPORTED_LINES = 1_000;

    private final Sink sink;
    private final int eventsPerBatch;
    private final boolean skipRefused;
    private final ImportProgress progress;

    private final List<Line> batch = new ArrayList<>();
    private int batchSizeBytes;
    private long appended;
    private long duplicate;
    private long refused;
    private long recordedThrough;

    Import(Sink sink, int eventsPerBatch, boolean skipRefused, ImportProgress progress) {
        this.sink = sink;
        this.eventsPerBatch = eventsPerBatch;
        this.skipRefused = skipRefused;
        this.progress = progress;
    }

    private record Line(long number, NewEvent event) {}

    /** Where the events go. */
    interface Sink {
        /** For a dry run. */
        Sink NOWHERE = Import::takenForAppended;

        List<BatchResult> append(List<BatchEvent> events);
    }

    /** The ledger itself. */
    record IntoLedger(Ledger ledger, boolean skipRefused) implements Sink {
        @Override
        public List<BatchResult> append(List<BatchEvent> events) {
            return ledger.appendAll(events, skipRefused ? OnRefusal.APPEND_THE_OTHERS : OnRefusal.APPEND_NOTHING);
        }
    }

    private static List<BatchResult> takenForAppended(List<BatchEvent> events) {
        return events.stream()
                .<BatchResult>map(event -> new BatchResult.Recorded(new AppendResult.Appended(0, 0)))
                .toList();
    }

    /** Reads all lines, or up to the first that is refused. */
    Totals of(Lines lines) throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            Optional<byte[]> line = lines.next();
            if (line.isEmpty()) {
                break;
            }
            byte[] bytes = line.get();
            if (!isBlank(bytes)) {
                goesOn = (!isFull(bytes.length) || flush(lines)) && take(lines.number(), bytes);
            }
        }
        boolean complete = goesOn && flush(lines);
        progress.end(appended + duplicate);
        return new Totals(appended, duplicate, refused, complete, recordedThrough);
    }

    private boolean isFull(int nextSizeBytes) {
        return !batch.isEmpty()
                && (batch.size() >= eventsPerBatch || batchSizeBytes + nextSizeBytes > MAX_BATCH_SIZE_BYTES);
    }

    /** Adds the line's event to the batch; false if it is none and that ends the import. */
    private boolean take(long number, byte[] line) {
        try {
            batch.add(new Line(number, EventLine.read(line)));
            batchSizeBytes += line.length;
            return true;
        } catch (EventLine.Invalid e) {
            refuse(number, e.problem());
            return skipRefused;
        }
    }

    /** Appends the batch; false if an event was refused and that ends the import. */
    private boolean flush(Lines lines) {
        if (batch.isEmpty()) {
            return true;
        }
        List<BatchEvent> events = batch.stream()
                .map(line -> new BatchEvent(line.event(), new ExpectedVersion.Any()))
                .toList();
        try {
            List<BatchResult> results = sink.append(events);
            for (int i = 0; i < results.size(); i++) {
                count(batch.get(i).number(), results.get(i));
            }
        } catch (BatchRefused e) {
            refuse(batch.get(e.index()).number(), String.valueOf(e.reason().getMessage()));
            return false;
        }
        recordedThrough = batch.getLast().number();
        batch.clear();
        batchSizeBytes = 0;
        progress.at(appended + duplicate, lines.bytesRead());
        return true;
    }

    private void count(long number, BatchResult result) {
        switch (result) {
            case BatchResult.Recorded(AppendResult.Appended _) -> appended++;
            case BatchResult.Recorded(AppendResult.Duplicate _) -> duplicate++;
            case BatchResult.Refused(var reason) -> refuse(number, String.valueOf(reason.getMessage()));
        }
    }

    private void refuse(long number, String why) {
        refused++;
        if (refused <= MAX_REPORTED_LINES) {
            progress.tell("line " + number + ": " + why);
        } else if (refused == MAX_REPORTED_LINES + 1) {
            progress.tell("Further refused lines are counted and not named.");
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }

    /**
     * What became of the lines.
     *
     * @param complete false if a refused line ended the import
     * @param recordedThrough the last line whose batch is recorded
     */
    record Totals(long appended, long duplicate, long refused, boolean complete, long recordedThrough) {}
}
