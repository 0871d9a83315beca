package io.orderledger.local.world;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderledger.db.embedded.TemporaryDatabase;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.functions.RunnableFunction;
import io.orderledger.local.world.Campaign.Tried;
import io.orderledger.local.world.Violation.Finding;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A world from one seed: the deployed definitions, functions, workflow, projections and replayer on a real PostgreSQL, with simulated time,
 * transport and faults around them. Used once, by one thread.
 */
final class World implements AutoCloseable {
    private static final String REGION = "us-east-1";
    private static final String ACCOUNT = "000000000000";
    private static final int MAX_ROUNDS = 40;
    private static final Duration ROUND = Duration.ofMinutes(10);
    private static final SpeedFactor AS_ON_AWS = new SpeedFactor(1);

    /** A busy machine must not look like a network that is down; and a test must not hang for ever. */
    private static final String MAX_REAL_WAIT_SECONDS = "600";

    private final long seed;
    private final Mutation mutation;
    private final Timeline time = new Timeline();
    private final Trace trace = new Trace(time);
    private final Chance chance;
    private final TemporaryDatabase database = TemporaryDatabase.create();
    private final LedgerRows rows = new LedgerRows(database.asSuperuser());
    private final DatabaseClock clock = new DatabaseClock(rows, time);
    private final Requests requests = new Requests(time, rows);
    private final Faults faults;
    private final DatabaseFaults databaseFaults;
    private final DatabaseProxy proxy;
    private final SimulatedQueues queues;
    private final ServiceEndpoint endpoint;
    private final List<SimulatedFunction> functions;
    private final Api api;
    private final Operators operators;
    private final Checker checker;
    private final SimulatedDeliveries busDeliveries;
    private final Clients clients;
    private final Services services;
    private final Readers readers;
    private final Consumers consumers;
    private final Deciders deciders;
    private boolean upToDate;

    World(long seed, Mutation mutation) {
        this.seed = seed;
        this.mutation = mutation;
        this.chance = new Chance(seed);
        this.faults = new Faults(chance, time, trace, requests::inFlight, this::struck);
        this.databaseFaults = new DatabaseFaults(time, chance, faults, clock);
        this.consumers = new Consumers(this);
        this.proxy = new DatabaseProxy(
                new InetSocketAddress(database.host(), database.port()), time::session, databaseFaults);
        Stack stack = Definitions.STACK;
        this.queues = new SimulatedQueues(stack.queues(), this);
        this.endpoint = new ServiceEndpoint(this);
        this.functions = stack.functions().stream()
                .map(definition -> new SimulatedFunction(definition, this))
                .toList();
        Functions invoker = Functions.of(
                List.<RunnableFunction>copyOf(functions),
                (name, _, _, _) -> new SimulatedDeliveries(name, this),
                queues,
                AS_ON_AWS,
                time,
                Functions.MAXIMUM_WAITING);
        this.busDeliveries = new SimulatedDeliveries("events", this);
        EventBus bus = new EventBus(
                REGION,
                ACCOUNT,
                stack.buses(),
                stack.rules(),
                (name, _, _, _) -> busDeliveries,
                invoker,
                queues,
                new Surroundings(AS_ON_AWS, time, chance, chance::uuid));
        invoker.resume();
        bus.resume();
        this.api = new Api(this, stack, bus, invoker);
        this.operators = new Operators(this, invoker, stack.functions(), this::throughProxy);
        this.clients = new Clients(this, chance.between(1, 4));
        this.services = new Services(this);
        this.readers = new Readers(this, rows);
        this.deciders = new Deciders(this);
        this.checker = new Checker(this, rows, requests);
    }

    /**
     * What became of a world.
     *
     * @param violation which promises were broken; empty if all were kept
     * @param lost what was answered 200 and is nowhere
     * @param doubled what is in the ledger and was not asked for
     * @param tried what else was done and compared
     */
    record Course(
            List<Faults.Injected> injected,
            Requests requests,
            Optional<Violation> violation,
            Set<UUID> lost,
            Set<UUID> doubled,
            Map<Tried, Long> tried) {}

    /** Runs until everything is settled, and checks. */
    Course run() {
        Duration within = chance.duration(Duration.ofMinutes(10), Duration.ofHours(36));
        clients.plan(chance.between(2, 14), within);
        services.plan(within);
        operators.plan(within, clients.customers());
        readers.plan(within);
        deciders.plan(within);
        databaseFaults.planOutages(within, proxy);
        time.run();
        settle();
        mutation.strikeSettled(rows);
        List<Finding> findings = checker.check();
        Optional<Violation> violation =
                findings.isEmpty() ? Optional.empty() : Optional.of(new Violation(seed, mutation, findings));
        return new Course(faults.injected(), requests, violation, checker.lost(), checker.doubled(), tried());
    }

    private Map<Tried, Long> tried() {
        long reports = requests.all().values().stream()
                .flatMap(List::stream)
                .filter(request -> Request.Type.REPORTS.contains(request.type()))
                .count();
        return Map.of(
                Tried.REPORTS, reports,
                Tried.ANSWERS, (long) readers.answers(),
                Tried.ANNOUNCEMENTS, (long) consumers.announcements(),
                Tried.DECISIONS, (long) deciders.decisions(),
                Tried.ERASURES, (long) requests.erasedCustomers().size());
    }

    /** Everything works again; operators replay and seal until nothing is left. */
    private void settle() {
        faults.end();
        databaseFaults.heal();
        trace.add("everything works");
        for (int round = 0; round < MAX_ROUNDS && !upToDate; round++) {
            time.after(ROUND, this::cleanUp);
            time.run();
        }
        if (!upToDate) {
            checker.broken("the world settles", queues.bodies());
        }
    }

    private void cleanUp() {
        Optional<JsonNode> byItself = operators.replayByItself();
        Optional<JsonNode> replayed = operators.replay(Optional.empty());
        boolean nothingFailed = deciders.retryFailed();
        Optional<JsonNode> keptUp = operators.invoke("KeepUp", "{}");
        boolean announced = operators.announce();
        operators.exportHead();
        upToDate = queues.size() == 0
                && nothingFailed
                && announced
                && byItself.map(answer -> answer.get("outcome").asText().equals("IDLE"))
                        .orElse(false)
                && replayed.map(answer -> !answer.get("remaining").asBoolean()).orElse(false)
                && keptUp.map(answer -> answer.get("complete").asBoolean()).orElse(false);
    }

    /** Whether a mutation of this kind strikes here and now. */
    boolean mutates(Mutation kind, double probability) {
        return mutation == kind && chance.happens(probability);
    }

    /** Now and then somebody on the way cuts a connection that is not used, or has it end elsewhere. */
    void troubleIdleConnection(Session session) {
        if (faults.mayStrike(Fault.IDLE_CONNECTION_LOST) && session.loseIdleConnection(chance)) {
            faults.note(Fault.IDLE_CONNECTION_LOST);
        }
        if (faults.mayStrike(Fault.SESSION_REPLACED) && session.replaceIdleSession(chance)) {
            faults.note(Fault.SESSION_REPLACED);
        }
    }

    /** A fault has struck while somebody was at work on a message, perhaps. */
    private void struck() {
        time.session().flatMap(Session::message).ifPresent(requests::met);
    }

    void replayArchive(String name) {
        busDeliveries.replayArchive(name);
    }

    boolean isRecorded(UUID eventId) {
        return rows.isRecorded(eventId);
    }

    Clients clients() {
        return clients;
    }

    Operators operators() {
        return operators;
    }

    Readers readers() {
        return readers;
    }

    Consumers consumers() {
        return consumers;
    }

    Deciders deciders() {
        return deciders;
    }

    Timeline time() {
        return time;
    }

    Trace trace() {
        return trace;
    }

    Chance chance() {
        return chance;
    }

    Faults faults() {
        return faults;
    }

    DatabaseFaults databaseFaults() {
        return databaseFaults;
    }

    DatabaseClock databaseClock() {
        return clock;
    }

    Requests requests() {
        return requests;
    }

    SimulatedQueues queues() {
        return queues;
    }

    Api api() {
        return api;
    }

    Checker checker() {
        return checker;
    }

    /** The database as it is, on no way that fails. */
    TemporaryDatabase database() {
        return database;
    }

    private DataSource throughProxy(String role) {
        PGSimpleDataSource source = new NotedConnections(time);
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {proxy.port()});
        source.setDatabaseName(database.name());
        source.setUser(role);
        source.setSslMode("disable");
        source.setGssEncMode("disable");
        return source;
    }

    Map<String, String> environmentOf(FunctionDefinition function) {
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGPORT", Integer.toString(proxy.port()));
        environment.put("PGDATABASE", database.name());
        environment.put("PGPASSWORD", "not asked for");
        environment.put("PGSSLMODE", "disable");
        environment.put("AWS_REGION", REGION);
        environment.put("AWS_ENDPOINT_URL_SQS", endpoint.url());
        environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint.url());
        environment.put("NETWORK_TIMEOUT_SECONDS", MAX_REAL_WAIT_SECONDS);
        environment.put("AWS_ACCESS_KEY_ID", "world");
        environment.put("AWS_SECRET_ACCESS_KEY", "world");
        return environment;
    }

    /** All that happened. */
    List<String> lines() {
        return new ArrayList<>(trace.lines());
    }

    @Override
    public void close() {
        functions.forEach(SimulatedFunction::forgetEnvironments);
        proxy.close();
        endpoint.close();
        operators.close();
        rows.close();
        database.close();
    }
}
