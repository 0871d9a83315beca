package io.orderledger.handlers.heads;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.handlers.RemainingTime;
import io.orderledger.handlers.database.HeldConnection;
import io.orderledger.handlers.logging.RequestLog;
import io.orderledger.handlers.snapshot.Snapshot;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.heads.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the ledger's newest head with KMS and puts it into the bucket, if there is something new. Takes any event, and answers {@code
 * {"exported","size"?,"root"?,"verifierKey"}}.
 *
 * <p>A schedule invokes it; it can be invoked more often, and at once, at will. Whatever keeps it from exporting is thrown, so the function's
 * metric of errors is the one to watch: nothing is lost meanwhile, but what is changed until the next export does not show.
 */
public final class ExportHeads implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ExportHeads.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final HeldConnection database;
    private final HeadExporter exporter;
    private final S3HeadStore store;
    private volatile boolean published;

    /** Held here, since whoever takes snapshots refers to it weakly. */
    @SuppressWarnings("UnusedVariable")
    private final Snapshot snapshot;

    /** What Lambda calls. */
    public ExportHeads() {
        this(System.getenv());
    }

    /**
     * Reads the settings; connects to nothing yet.
     *
     * @param environment how to reach the database as {@code ledger_reader}, S3 and KMS; HEAD_BUCKET, HEAD_PREFIX and HEAD_KEY_ID
     */
    public ExportHeads(Map<String, String> environment) {
        HeadSettings settings = HeadSettings.from(environment);
        this.database = HeldConnection.from(environment);
        this.store = new S3HeadStore(HeadSettings.s3(environment).build(), settings.bucket(), settings.prefix());
        this.exporter = new HeadExporter(
                database, new KmsHeadSigner(HeadSettings.kms(environment).build(), settings.keyId()), store);
        this.snapshot = Snapshot.around(database);
    }

    /**
     * Exports the newest head.
     *
     * @throws io.orderledger.ledger.heads.HeadConflict if the ledger does not go on from the newest exported head: find out what happened
     * @throws io.orderledger.ledger.heads.UnusableHead if the newest exported head is not one of this ledger and key
     * @throws SigningKeyUnusable if KMS refuses the key
     * @throws HeadBucketUnusable if the bucket refuses, does not lock, or has another ledger's heads
     * @throws io.orderledger.ledger.LedgerUnavailable if the database is away; the next invocation makes up for it
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        RequestLog.begin(context);
        ObjectNode result = database.call(RemainingTime.of(context), this::export);
        JSON.writeValue(answer, result);
    }

    private ObjectNode export() {
        VerifierKey key = exporter.verifierKey();
        if (!published) {
            store.publish(key);
            published = true;
            LOG.info("The verifier key is {}", key);
        }
        Optional<TreeHead> head = exporter.export();
        ObjectNode result = JSON.createObjectNode().put("exported", head.isPresent());
        head.ifPresent(exported -> {
            LOG.info(
                    "Tree head of size {} exported, root {}",
                    exported.size(),
                    exported.root().hex());
            result.put("size", exported.size()).put("root", exported.root().hex());
        });
        return result.put("verifierKey", key.toString());
    }
}
