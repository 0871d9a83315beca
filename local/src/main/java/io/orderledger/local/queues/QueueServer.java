package io.orderledger.local.queues;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NodeAddress;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.concurrent.Await;
import scala.util.Either;
import scalikejdbc.ConnectionPool;

/**
 * ElasticMQ and the H2 database it keeps its queues in.
 *
 * <p>ElasticMQ answers SendMessage after its insert was committed. With {@code WRITE_DELAY=0} H2 writes at the commit, not
 * half a second later, so a message survives the end of the process. H2 does not force the disk by itself; {@link #force}
 * does. ElasticMQ keeps its connection pool in a static variable: one server a process.
 */
final class QueueServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String USER = "queues";
    private static final AtomicBoolean RUNNING = new AtomicBoolean();

    private final ActorSystem actors;
    private final SQSRestServer server;
    private final Connection database;
    private final URI address;

    private QueueServer(ActorSystem actors, SQSRestServer server, Connection database) {
        this.actors = actors;
        this.server = server;
        this.database = database;
        this.address = URI.create("http://" + LOOPBACK + ":"
                + server.waitUntilStarted().localAddress().getPort());
    }

    /**
     * Starts the server with the queues and messages that are in the folder.
     *
     * @param visible the address that queue URLs begin with
     */
    static QueueServer start(Path folder, URI visible, String region, String accountId) {
        if (!RUNNING.compareAndSet(false, true)) {
            throw new IllegalStateException("a process can run one queue server, and this one runs one already");
        }
        ActorSystem actors = null;
        Connection database = null;
        try {
            Files.createDirectories(folder);
            String url = "jdbc:h2:file:" + folder.resolve("messages").toAbsolutePath()
                    + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1";
            database = DriverManager.getConnection(url, USER, "");
            actors = ActorSystem.create("queues", configuration());
            ActorRef manager = restored(actors, url);
            SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                    .withQueueManagerActor(manager)
                    .withInterface(LOOPBACK)
                    .withDynamicPort()
                    .withServerAddress(new NodeAddress(visible.getScheme(), visible.getHost(), visible.getPort(), ""))
                    .withSQSLimits(new ServiceLimits())
                    .withAWSRegion(region)
                    .withAWSAccountId(accountId)
                    .start();
            return new QueueServer(actors, server, database);
        } catch (IOException | SQLException | RuntimeException e) {
            stop(actors, database);
            throw new QueuesUnusable("the queues in " + folder + " did not start", e);
        }
    }

    /** Where it listens; only this process need know. */
    URI address() {
        return address;
    }

    /** Returns once everything that was answered for is on disk, not only with the operating system. */
    synchronized void force() {
        try (Statement statement = database.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            throw new QueuesUnusable("the queues could not be forced to disk", e);
        }
    }

    @Override
    public void close() {
        try {
            server.stopAndWait();
        } finally {
            stop(actors, database);
        }
    }

    private static ActorRef restored(ActorSystem actors, String url) {
        var persistence = new SqlQueuePersistenceConfig(true, "org.h2.Driver", url, USER, "", false);
        ActorRef listener =
                actors.actorOf(Props.create(SqlQueuePersistenceActor.class, persistence, Nil$.MODULE$), "messages");
        ActorRef manager = actors.actorOf(
                Props.create(QueueManagerActor.class, new NowProvider(), new ServiceLimits(), Option.apply(listener)),
                "manager");
        Object answer = Patterns.ask(listener, new QueueEvent.Restore(manager), START_LIMIT)
                .toCompletableFuture()
                .orTimeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (answer instanceof Either<?, ?> result && result.isLeft()) {
            throw new IllegalStateException("stored queues were refused: " + result);
        }
        return manager;
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

    private static void stop(
            @org.jspecify.annotations.Nullable ActorSystem actors,
            @org.jspecify.annotations.Nullable Connection database) {
        try {
            if (actors != null) {
                Await.result(
                        actors.terminate(),
                        scala.concurrent.duration.Duration.create(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            }
            ConnectionPool.closeAll();
            if (database != null) {
                try (Statement statement = database.createStatement()) {
                    statement.execute("SHUTDOWN");
                }
            }
        } catch (Exception e) { // Scala declares nothing; the process is stopping anyway, and the commits are on disk
            throw new QueuesUnusable("the queues did not stop cleanly", e);
        } finally {
            RUNNING.set(false);
        }
    }
}
