package io.orderledger.handlers.announce;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.metrics.Metrics;
import io.orderledger.handlers.metrics.Metrics.Unit;
import io.orderledger.handlers.metrics.Metrics.Value;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.publication.Place;
import io.orderledger.ledger.publication.Publication;
import io.orderledger.ledger.publication.Publication.Start;
import io.orderledger.ledger.publication.PublicationLag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Run by a schedule: puts on the bus what was sealed since the last run, as {@code OrderRecorded}. Takes any event, and answers {@code
 * {"announced","complete","held"}}: how many events, whether nothing was left over, and whether another run was at it.
 *
 * <p>At least once: a run that dies between a call of PutEvents and the note of it is followed by one that sends the same again, under the same
 * event IDs. In order: an order's events come to the bus in their order, the first time that they come. What EventBridge does not take is sent
 * again by the next run, and nothing of the same order overtakes it.
 *
 * <p>Writes the metrics {@code AnnouncementLagSeconds} and {@code AnnouncementLagEvents}: what was not announced when the run began.
 *
 * <p>The database's role is {@code ledger_publisher}, which cannot read personal data.
 */
public final class AnnounceEvents implements RequestStreamHandler {
    static final String PUBLICATION = "order_recorded";

    /** Longer than a call and its note take as a rule, and no longer than somebody would wait for a run that died. */
    private static final Duration HOLD = Duration.ofSeconds(30);

    /** What is kept for a call that takes its time, the note of it, and the answer. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    private static final JsonMapper JSON = new JsonMapper();

    private final HeldConnection database;
    private final OrderBus bus;
    private final Metrics metrics;
    private final Start start;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public AnnounceEvents() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database (PGHOST and its kin) and EventBridge, ORDER_BUS_NAME, METRICS_NAMESPACE, and
     *     ANNOUNCE_FROM: BEGINNING or HEAD
     */
    public AnnounceEvents(Map<String, String> environment) {
        this(environment, OrderBus.from(environment), Metrics.from(environment));
    }

    AnnounceEvents(Map<String, String> environment, OrderBus bus, Metrics metrics) {
        this.database = HeldConnection.from(environment);
        this.bus = bus;
        this.metrics = metrics;
        this.start = Start.valueOf(Optional.ofNullable(environment.get("ANNOUNCE_FROM"))
                .filter(value -> !value.isEmpty())
                .orElse(Start.BEGINNING.name()));
        this.snapshot = Snapshot.around(database);
    }

    /**
     * One run.
     *
     * @throws NotAnnounced if EventBridge does not take an event
     * @throws software.amazon.awssdk.core.exception.SdkException if EventBridge does not answer; the next run sends the same again
     * @throws LedgerUnavailable if the database is away; the next run does the work
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        RemainingTime time = RemainingTime.of(context);
        Publication publication = new Publication(database, PUBLICATION, UUID.randomUUID(), HOLD);
        Optional<Place> from = database.call(time, () -> publication.claim(start));
        report(time);
        Outcome outcome = from.map(place -> announce(new Announcing(publication, place, time)))
                .orElse(Outcome.HELD_BY_ANOTHER);
        JSON.writeValue(
                answer,
                JSON.createObjectNode()
                        .put("announced", outcome.announced())
                        .put("complete", outcome.complete())
                        .put("held", outcome.held()));
    }

    private record Outcome(long announced, boolean complete, boolean held) {
        static final Outcome HELD_BY_ANOTHER = new Outcome(0, false, true);
    }

    private Outcome announce(Announcing announcing) {
        try {
            Outcome outcome = announcing.run();
            announcing.release();
            return outcome;
        } catch (RuntimeException e) {
            try {
                announcing.release();
            } catch (RuntimeException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    private void report(RemainingTime time) {
        Optional<PublicationLag> lag = database.call(time, () -> PublicationLag.read(database)).stream()
                .filter(found -> found.publication().equals(PUBLICATION))
                .findFirst();
        metrics.write(
                new Value(
                        "AnnouncementLagSeconds",
                        Unit.SECONDS,
                        lag.map(PublicationLag::behind).orElse(Duration.ZERO).toMillis() / 1_000.0),
                new Value(
                        "AnnouncementLagEvents",
                        Unit.COUNT,
                        lag.map(PublicationLag::eventsBehind).orElse(0L)));
    }

    /** What is left of one run. */
    private final class Announcing {
        private final Publication publication;
        private final RemainingTime time;
        private Place place;
        private long announced;

        Announcing(Publication publication, Place place, RemainingTime time) {
            this.publication = publication;
            this.place = place;
            this.time = time;
        }

        Outcome run() {
            while (true) {
                var due = database.call(time, () -> publication.due(place));
                if (due.isEmpty()) {
                    return new Outcome(announced, true, false);
                }
                for (var call : Calls.of(due.stream().map(Announcement::of).toList())) {
                    if (time.leftAfter(RESERVE).isZero()) {
                        return new Outcome(announced, false, false);
                    }
                    if (!put(call)) {
                        return new Outcome(announced, false, true);
                    }
                }
            }
        }

        private boolean put(List<Announcement> call) {
            try {
                bus.put(call);
            } catch (NotAnnounced e) {
                note(call.subList(0, e.accepted()));
                throw e;
            }
            return note(call);
        }

        /** Whether this run may go on. */
        private boolean note(List<Announcement> done) {
            if (done.isEmpty()) {
                return true;
            }
            Place reached = done.getLast().event().place();
            if (!database.call(time, () -> publication.advance(reached))) {
                return false;
            }
            place = reached;
            announced += done.size();
            return true;
        }

        void release() {
            database.call(time, () -> {
                publication.release();
                return true;
            });
        }
    }
}
