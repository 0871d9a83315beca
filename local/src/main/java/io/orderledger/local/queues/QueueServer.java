package io.orderledger.local.queues;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orderledger.local.definitions.QueueDefinition;
import io.orderledger.local.storage.MapFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.CreateQueueData;
import org.elasticmq.MillisVisibilityTimeout;
import org.elasticmq.NodeAddress;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.RestoreMessages;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;

/** ElasticMQ with the queues of the template, and with the messages that are kept for them. */
final class QueueServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final String FILE_NAME = "messages.mv";

    private final ActorSystem actors;
    private final MessageStore store;
    private final SQSRestServer server;
    private final URI address;

    private QueueServer(ActorSystem actors, MessageStore store, SQSRestServer server, String host) {
        this.actors = actors;
        this.store = store;
        this.server = server;
        this.address = URI.create("http://" + host + ":"
                + server.waitUntilStarted().localAddress().getPort());
    }

    /**
     * Starts the server.
     *
     * @param visible the address that queue URLs begin with
     */
    static QueueServer start(Path folder, List<QueueDefinition> queues, URI visible, String region, String accountId) {
        var store = new MessageStore(MapFile.open(folder.resolve(FILE_NAME)));
        ActorSystem actors = ActorSystem.create("queues", configuration());
        try {
            ActorRef keeper = actors.actorOf(Props.create(MessageKeeper.class, () -> new MessageKeeper(store)));
            ActorRef manager = actors.actorOf(
                    Props.create(QueueManagerActor.class, new SteadyNow(), new ServiceLimits(), Option.apply(keeper)));
            queues.forEach(queue -> restore(manager, data(queue), store));
            store.queuesWithMessages().stream()
                    .filter(name ->
                            queues.stream().noneMatch(queue -> queue.name().equals(name)))
                    .forEach(name -> restore(manager, data(name, Optional.empty()), store));
            String host = HiddenLoopback.draw();
            SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                    .withQueueManagerActor(manager)
                    .withInterface(host)
                    .withDynamicPort()
                    .withServerAddress(new NodeAddress(visible.getScheme(), visible.getHost(), visible.getPort(), ""))
                    .withSQSLimits(new ServiceLimits())
                    .withAWSRegion(region)
                    .withAWSAccountId(accountId)
                    .start();
            return new QueueServer(actors, store, server, host);
        } catch (RuntimeException e) {
            stop(actors);
            store.close();
            throw new QueuesUnusable("the queues in " + folder + " did not start", e);
        }
    }

    /** Where it listens; only this process need know. */
    URI address() {
        return address;
    }

    Set<String> messageIds(String queue) {
        return store.ids(queue);
    }

    void forget(String queue, Set<String> messageIds) {
        messageIds.forEach(id -> store.remove(queue, id));
    }

    /** Answers what is under way, and stops. */
    @Override
    public void close() {
        try {
            server.stopAndWait();
            stop(actors);
        } finally {
            store.close();
        }
    }

    /** Makes a queue and puts its messages back. A queue of an earlier run that is no longer defined keeps its messages. */
    private static void restore(ActorRef manager, CreateQueueData queue, MessageStore store) {
        Object made = answer(Patterns.ask(manager, new CreateQueue(queue), START_LIMIT));
        if (!(made instanceof Either<?, ?> either && either.toOption().nonEmpty())) {
            throw new IllegalStateException("the queue " + queue.name() + " was refused: " + made);
        }
        ActorRef actor = (ActorRef) either.toOption().get();
        var messages = scala.collection.immutable.List.from(
                CollectionConverters.asScala(store.all(queue.name(), longest(queue))));
        answer(Patterns.ask(actor, new RestoreMessages(messages), START_LIMIT));
    }

    /** How long a message may be hidden after a start, whatever its consumer asked for and whatever the clock said then. */
    private static Duration longest(CreateQueueData queue) {
        Duration visibility =
                Duration.ofMillis(queue.defaultVisibilityTimeout().get().millis());
        return visibility.compareTo(queue.delay().get()) > 0
                ? visibility
                : queue.delay().get();
    }

    private static Object answer(CompletionStage<Object> asked) {
        return asked.toCompletableFuture()
                .orTimeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static CreateQueueData data(QueueDefinition queue) {
        return data(queue.name(), Optional.of(queue));
    }

    private static CreateQueueData data(String name, Optional<QueueDefinition> definition) {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        Duration visibility =
                definition.map(QueueDefinition::visibilityTimeout).orElse(QueueDefinition.DEFAULT_VISIBILITY_TIMEOUT);
        return new CreateQueueData(
                name,
                Option.apply(new MillisVisibilityTimeout(visibility.toMillis())),
                Option.apply(definition.map(QueueDefinition::delay).orElse(Duration.ZERO)),
                Option.apply(definition.map(QueueDefinition::receiveWaitTime).orElse(Duration.ZERO)),
                Option.apply(now),
                Option.apply(now),
                Option.empty(),
                false,
                false,
                Option.empty(),
                Option.empty(),
                scala.collection.immutable.Map.from(CollectionConverters.asScala(java.util.Map.<String, String>of())));
    }

    private static Config configuration() {
        return ConfigFactory.parseString("""
                        pekko.loglevel = WARNING
                        pekko.jvm-exit-on-fatal-error = off
                        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        pekko.coordinated-shutdown.exit-jvm = off
                        pekko.http.server.request-timeout = 25 s
                        """).withFallback(ConfigFactory.load());
    }

    private static void stop(ActorSystem actors) {
        actors.terminate();
        actors.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
