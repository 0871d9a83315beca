package io.orderledger.local.heads;

import io.orderledger.ledger.LedgerUnavailable;
import io.orderledger.ledger.heads.FileHeadSigner;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports the newest tree head again and again, and once more when it is closed. What it cannot export now it exports the next time; what
 * it refuses to export, because the ledger does not go on from an earlier head, it says in the log each time.
 */
public final class HeadExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadExport.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final HeadExporter exporter;
    private final ScheduledExecutorService schedule;

    private HeadExport(HeadExporter exporter, Duration interval) {
        this.exporter = exporter;
        this.schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("heads").daemon().factory());
        var unused = schedule.scheduleWithFixedDelay(this::export, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Begins to export.
     *
     * @param database connects as {@code ledger_reader}
     * @param data the folder that gets the heads and keeps the key
     * @param interval between two exports
     * @throws UncheckedIOException if key or verifier key cannot be read or written
     */
    public static HeadExport start(DataSource database, Path data, Duration interval) {
        HeadExporter exporter = new HeadExporter(
                database, FileHeadSigner.in(HeadFiles.key(data)), new FolderHeadStore(HeadFiles.heads(data)));
        Path verifierKey = HeadFiles.verifierKey(data);
        try {
            Files.writeString(verifierKey, exporter.verifierKey() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(verifierKey + " cannot be written", e);
        }
        return new HeadExport(exporter, interval);
    }

    private void export() {
        try {
            exporter.export()
                    .ifPresent(head -> LOG.info(
                            "Tree head of size {} exported, root {}",
                            head.size(),
                            head.root().hex()));
        } catch (LedgerUnavailable e) {
            LOG.debug("No tree head was exported: the database is away");
        } catch (RuntimeException e) {
            LOG.error("No tree head was exported: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                schedule.shutdownNow();
                return;
            }
        } catch (InterruptedException e) {
            schedule.shutdownNow();
            Thread.currentThread().interrupt();
            return;
        }
        export();
    }
}
