package io.orderledger.handlers.requests;

import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.ledger.AppendResult;
import io.orderledger.ledger.EventConflict;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.NewEvent;
import io.orderledger.ledger.RefusedMessage;
import io.orderledger.ledger.RefusedMessage.Reason;
import io.orderledger.projections.CatchUp;
import io.orderledger.projections.Upkeep;
import io.orderledger.projections.registered.RegisteredProjections;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Records request messages, on whatever way they come: reads one, appends its event, or keeps it among the refused messages when it
 * can never be an event. Idempotent: the same message again is a duplicate, or is refused again without being kept twice.
 *
 * <p>Thread-safe. The database's role is {@code ledger_recorder} or has its rights.
 */
public final class RequestRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRecorder.class);

    /** How long an invocation spends on views that it could leave to the next one. */
    private static final Duration MAX_UPKEEP = Duration.ofSeconds(2);

    /** What is kept for the answer, once what the invocation is for has been done. */
    private static final Duration RESERVE = Duration.ofSeconds(2);

    private static final Duration REHEARSAL = Duration.ofSeconds(30);

    private final HeldConnection database;
    private final Ledger ledger;
    private final Upkeep upkeep;

    public RequestRecorder(HeldConnection database) {
        this.database = database;
        this.ledger = new Ledger(database);
        this.upkeep = new Upkeep(ledger, new CatchUp(database), RegisteredProjections.ALL);
    }

    /**
     * Records one message. Views are not brought up to date; {@link #freshen} does that.
     *
     * @param message as it came, byte for byte. Refused, it is kept so, but for the name of the archive's replay that delivered it: so
     *     it is kept once, however often it is replayed
     * @param accepted requests of other kinds are refused
     * @param delivery how the message came here
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now; then nothing is recorded or refused, or it is
     *     and nobody knows, and the message has to be delivered again
     */
    public Recorded record(byte[] message, Set<RequestKind> accepted, Delivery delivery, RemainingTime time) {
        return switch (RequestReader.read(message, accepted, delivery.traceId())) {
            case Reading.Valid(NewEvent event) -> append(event, message, delivery, time);
            case Reading.Invalid(Optional<UUID> eventId, Optional<UUID> orderId, List<Problem> problems) -> {
                String detail = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
                keep(
                        new RefusedMessage(
                                eventId,
                                orderId,
                                Reason.INVALID,
                                detail,
                                delivery.path(),
                                ReplayName.cutOutOf(message)),
                        time);
                at(LOG.atWarn(), shown(eventId), shown(orderId)).log("Refused a message as invalid");
                yield new Recorded.Refused(Reason.INVALID, eventId, problems);
            }
        };
    }

    /**
     * Keeps a message that failed too often, and not because the database was away, among the refused ones. Idempotent.
     *
     * @param message as it came, byte for byte; kept as a refused one is
     * @param detail what failed, without values
     * @throws io.orderledger.ledger.LedgerUnavailable if the database cannot do it now
     */
    public void keepFailed(byte[] message, String detail, Delivery delivery, RemainingTime time) {
        Optional<UUID> eventId = Optional.empty();
        Optional<UUID> orderId = Optional.empty();
        switch (RequestReader.read(message, EnumSet.allOf(RequestKind.class), Optional.empty())) {
            case Reading.Valid(NewEvent event) -> {
                eventId = Optional.of(event.eventId());
                orderId = Optional.of(event.streamId());
            }
            case Reading.Invalid invalid -> {
                eventId = invalid.eventId();
                orderId = invalid.orderId();
            }
        }
        keep(
                new RefusedMessage(
                        eventId, orderId, Reason.FAILED, detail, delivery.path(), ReplayName.cutOutOf(message)),
                time);
        at(LOG.atError(), shown(eventId), shown(orderId)).log("Parked a message that failed too often");
    }

    /**
     * Makes what was recorded visible in the views, as far as time allows. Never fails: what is left over, the next call does.
     *
     * @return false if something was left over
     */
    public boolean freshen(RemainingTime time) {
        return database.call(time, () -> upkeep.run(time.deadline(MAX_UPKEEP, RESERVE)));
    }

    /**
     * Goes through the recording of an order that is placed, and the upkeep, as far as that goes without rows: only within {@link
     * HeldConnection#rehearse}.
     */
    public void rehearsePlacing(String path) {
        rehearse(RequestKind.PLACEMENT, SampleRequests.placement(), path);
    }

    /** As {@link #rehearsePlacing}, for a cancellation. */
    public void rehearseCancelling(String path) {
        rehearse(RequestKind.CANCELLATION, SampleRequests.cancellation(), path);
    }

    private void rehearse(RequestKind kind, byte[] sample, String path) {
        RemainingTime time = RemainingTime.lasting(REHEARSAL);
        try {
            record(sample, EnumSet.of(kind), new Delivery(path, Optional.empty()), time);
        } catch (RuntimeException e) {
            LOG.debug("The rehearsal of {} went as far as it can go without rows", kind, e);
        }
        database.call(time, () -> {
            upkeep.rehearse();
            return true;
        });
    }

    private Recorded append(NewEvent event, byte[] message, Delivery delivery, RemainingTime time) {
        UUID eventId = event.eventId();
        UUID orderId = event.streamId();
        try {
            Recorded recorded = switch (database.call(time, () -> ledger.append(event, new ExpectedVersion.Any()))) {
                case AppendResult.Appended _ -> new Recorded.Appended(eventId, orderId);
                case AppendResult.Duplicate _ -> new Recorded.Duplicate(eventId, orderId);
            };
            at(LOG.atInfo(), eventId, orderId).log(recorded.getClass().getSimpleName());
            return recorded;
        } catch (EventConflict e) {
            String detail = "event ID is recorded with other content";
            keep(
                    new RefusedMessage(
                            Optional.of(eventId),
                            Optional.of(orderId),
                            Reason.CONFLICT,
                            detail,
                            delivery.path(),
                            ReplayName.cutOutOf(message)),
                    time);
            at(LOG.atWarn(), eventId, orderId).log("Refused a message in conflict");
            return new Recorded.Refused(Reason.CONFLICT, Optional.of(eventId), List.of());
        }
    }

    private void keep(RefusedMessage refused, RemainingTime time) {
        database.call(time, () -> ledger.refuse(refused));
    }

    private static LoggingEventBuilder at(LoggingEventBuilder line, Object eventId, Object orderId) {
        return line.addKeyValue("eventId", eventId).addKeyValue("orderId", orderId);
    }

    private static Object shown(Optional<UUID> id) {
        return id.isPresent() ? id.get() : "unknown";
    }
}
