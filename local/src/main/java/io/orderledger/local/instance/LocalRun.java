package io.orderledger.local.instance;

import io.orderledger.local.access.AccessToken;
import io.orderledger.local.access.Exposure;
import io.orderledger.local.access.Listener;
import io.orderledger.local.bus.EventBus;
import io.orderledger.local.database.LocalDatabase;
import io.orderledger.local.definitions.CustomResourceDefinition;
import io.orderledger.local.definitions.FunctionDefinition;
import io.orderledger.local.definitions.QueueDefinition;
import io.orderledger.local.definitions.Stack;
import io.orderledger.local.definitions.StackContext;
import io.orderledger.local.deliveries.DeliveryStore;
import io.orderledger.local.deliveries.SpeedFactor;
import io.orderledger.local.deliveries.Surroundings;
import io.orderledger.local.functions.Functions;
import io.orderledger.local.gateway.Gateway;
import io.orderledger.local.gateway.LocalRoute;
import io.orderledger.local.heads.HeadExport;
import io.orderledger.local.heads.HeadFiles;
import io.orderledger.local.queues.Queues;
import io.orderledger.local.schedules.Schedules;
import io.orderledger.local.services.ServicesEndpoint;
import io.orderledger.local.workflow.Workflows;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a stack, running on this machine. A start is a deployment: the definitions are read, the custom resources are made,
 * and what the bus and the functions had not finished goes on.
 *
 * <p>Thread-safe. Closing it stops everything in order; what was accepted stays on disk.
 */
public final class LocalRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);
    private static final String REGION = "us-east-1";
    private static final String ACCOUNT = "000000000000";
    private static final String STACK_NAME = "order-ledger";
    private static final int UNUSED_PORT = 1;
    private static final int TOKEN_BYTES = 24;
    private static final String HEAD_READER = "ledger_reader";
    private static final String CORS_ORIGIN = "CorsAllowedOrigin";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Options options;
    private final LocalDatabase database;
    private final Stack stack;
    private final Functions functions;
    private final EventBus bus;
    private final Queues queues;
    private final Instance instance;

    /**
     * How to run.
     *
     * @param data the folder that keeps everything
     * @param sam the folder with the definitions
     * @param port the API's port; 0 for any free one
     * @param speed delays between retries are AWS's divided by this
     * @param headInterval how often a signed tree head is exported, if there is something new
     * @param parameters values for the template's parameters, in place of their defaults
     * @param exposure where the API listens
     */
    public record Options(
            Path data,
            Path sam,
            int port,
            int speed,
            Duration headInterval,
            Map<String, String> parameters,
            Exposure exposure) {
        /** How often heads are exported where nothing else is said: what was changed since the last one is not proven. */
        public static final Duration DEFAULT_HEAD_INTERVAL = Duration.ofSeconds(60);

        public Options {
            parameters = Map.copyOf(parameters);
        }

        /** With the parameters' defaults, on loopback. */
        public Options(Path data, Path sam, int port, int speed, Duration headInterval) {
            this(data, sam, port, speed, headInterval, Map.of(), Exposure.LOOPBACK);
        }

        /** With the default interval of heads, and the parameters' defaults. */
        public Options(Path data, Path sam, int port, int speed) {
            this(data, sam, port, speed, DEFAULT_HEAD_INTERVAL);
        }
    }

    private LocalRun(Options options) {
        this.options = options;
        try {
            DataFolder folder = open(DataFolder.lock(options.data()));
            Listener listener = listener(folder);
            demandFreePort(listener);
            SpeedFactor speed = new SpeedFactor(options.speed());
            InstantSource clock = InstantSource.system();
            Surroundings surroundings = Surroundings.of(speed, clock);
            ServicesEndpoint services = open(ServicesEndpoint.open());
            database = open(LocalDatabase.prepare(folder.path()));
            stack = Stack.load(options.sam(), context(services));
            database.start();
            open(database.watch());
            DeliveryStore deliveries = open(DeliveryStore.open(folder.path().resolve("bus")));
            queues =
                    open(Queues.open(folder.path().resolve("queues"), stack.queues(), services.uri(), REGION, ACCOUNT));
            functions = open(Functions.open(
                    stack.functions(),
                    function -> surroundings(function, services),
                    deliveries,
                    queues,
                    speed,
                    clock,
                    Functions.MAXIMUM_WAITING));
            bus = open(new EventBus(
                    REGION, ACCOUNT, stack.buses(), stack.rules(), deliveries, functions, queues, surroundings));
            bus.listen(AnnouncedEvents.SOURCE, new AnnouncedEvents(folder.path())::write);
            Workflows workflows = new Workflows(stack.workflows(), functions, queues, surroundings);
            services.serve(bus, workflows, queues, functions);
            deploy();
            open(HeadExport.start(database.dataSource(HEAD_READER), folder.path(), options.headInterval()));
            functions.resume();
            bus.resume();
            Gateway gateway = open(Gateway.start(
                    stack,
                    listener,
                    services.uri(),
                    functions,
                    List.of(new LocalRoute(
                            "GET",
                            "/health",
                            new Health(database, deliveries, bus, functions, queues, stack)::report))));
            open(Schedules.start(stack, functions, speed));
            instance = announce(folder, gateway, services, listener);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything; returns when requests are served.
     *
     * @throws DataFolder.InUse if another instance runs on the data folder
     * @throws PortInUse if the API's port is taken
     * @throws io.orderledger.local.definitions.DefinitionException if the definitions say what cannot be run here
     */
    public static LocalRun start(Options options) {
        return new LocalRun(options);
    }

    public Instance instance() {
        return instance;
    }

    public LocalDatabase database() {
        return database;
    }

    /** What a user should know about this run, a line each. */
    public List<String> describe() {
        return List.of(
                "listens      " + options.exposure().describe(instance.api().getPort(), options.data()),
                "definitions  " + options.sam().normalize(),
                "data         " + options.data(),
                "AWS APIs     aws --endpoint-url " + instance.services() + " events|sqs|lambda … (bus "
                        + stack.buses().stream().map(found -> found.name()).collect(Collectors.joining(", ")) + ")",
                "tree heads   " + HeadFiles.heads(options.data()) + ", every "
                        + options.headInterval().toSeconds() + " s if there is something new",
                "announced    " + AnnouncedEvents.fileIn(options.data()) + ", what was recorded, as the bus has it",
                "retries      after AWS's delays divided by " + options.speed() + ", and schedules as well");
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.error("A part of the local run did not stop in order", e);
            }
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private void deploy() {
        CustomResources customResources = new CustomResources(
                functions,
                "arn:aws:cloudformation:" + REGION + ":" + ACCOUNT + ":stack/" + STACK_NAME + "/" + new UUID(0, 0));
        for (CustomResourceDefinition resource : stack.customResources()) {
            customResources.create(resource);
        }
        database.admitRoles();
    }

    private Instance announce(DataFolder folder, Gateway gateway, ServicesEndpoint services, Listener listener) {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        String tokenText = HexFormat.of().formatHex(token);
        ControlEndpoint control = open(new ControlEndpoint(database, tokenText));
        Instance running = new Instance(
                ProcessHandle.current().pid(),
                gateway.uri(),
                services.uri(),
                control.uri(),
                tokenText,
                listener.rules().token().map(AccessToken::text).orElse(""),
                stack.functions().stream()
                        .collect(Collectors.toMap(FunctionDefinition::logicalId, FunctionDefinition::name)),
                stack.queues().stream().collect(Collectors.toMap(QueueDefinition::logicalId, QueueDefinition::url)));
        running.writeTo(folder);
        open(() -> Instance.removeFrom(folder));
        return running;
    }

    private StackContext context(ServicesEndpoint services) {
        return new StackContext(
                REGION,
                ACCOUNT,
                STACK_NAME,
                parameters(database.port(), options.parameters()),
                queue -> services.uri() + "/" + ACCOUNT + "/" + queue);
    }

    /**
     * What CloudFormation would know of a local run, for who only reads the definitions: nothing has to run.
     *
     * @param given values for the template's parameters, in place of their defaults
     */
    public static StackContext contextForReading(Map<String, String> given) {
        return new StackContext(REGION, ACCOUNT, STACK_NAME, parameters(UNUSED_PORT, given));
    }

    private static Map<String, String> parameters(int databasePort, Map<String, String> given) {
        Map<String, String> parameters = new HashMap<>();
        // Loopback only, so nobody has to sign.
        parameters.put("ApiAuthorization", "NONE");
        // Whoever puts a proxy before the database has it listen on another loopback address, at the database's port.
        parameters.put("DatabaseProxyEndpoint", LocalDatabase.HOST);
        parameters.putAll(given);
        parameters.put("DatabaseWriterEndpoint", LocalDatabase.HOST);
        parameters.put("DatabasePort", Integer.toString(databasePort));
        parameters.put("DatabaseName", LocalDatabase.NAME);
        parameters.put("SubnetIds", "subnet-00000000");
        parameters.put("SecurityGroupIds", "sg-00000000");
        parameters.put("MigrationSecurityGroupIds", "sg-00000000");
        return parameters;
    }

    /** What Lambda adds to a function's environment, and how the function proves to the database who it is. */
    private Map<String, String> surroundings(FunctionDefinition function, ServicesEndpoint services) {
        Map<String, String> surroundings = new HashMap<>(Map.of(
                "AWS_REGION",
                REGION,
                "AWS_LAMBDA_FUNCTION_NAME",
                function.name(),
                "AWS_ENDPOINT_URL_SQS",
                services.uri().toString(),
                "AWS_ENDPOINT_URL_EVENTBRIDGE",
                services.uri().toString(),
                // Neither runs here. Whoever invokes their function by hand is told so, instead of calling AWS.
                "AWS_ENDPOINT_URL_S3",
                services.uri().toString(),
                "AWS_ENDPOINT_URL_KMS",
                services.uri().toString(),
                // Nobody takes figures out of this output, which people read.
                "METRICS_DISABLED",
                "true",
                // The SDK signs every call; nobody checks the signature on the loopback address.
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local"));
        String user = function.environment().get("PGUSER");
        if (user != null) {
            surroundings.putAll(database.proofOf(user));
        }
        return surroundings;
    }

    private Listener listener(DataFolder folder) {
        return options.exposure()
                .listener(options.port(), folder.path(), options.parameters().getOrDefault(CORS_ORIGIN, ""));
    }

    private static void demandFreePort(Listener listener) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(listener.address(), listener.port()));
        } catch (IOException e) {
            throw new PortInUse(listener.port());
        }
    }

    /** Something else listens on the API's port. */
    public static final class PortInUse extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortInUse(int port) {
            super("port " + port + " is in use; choose another with --port");
        }
    }
}
