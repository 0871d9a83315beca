package io.orderledger.ledger.heads;

import static io.orderledger.db.tables.ledger.Tables.BLOCK;
import static io.orderledger.db.tables.ledger.Tables.IDENTITY;

import io.orderledger.db.tables.ledger.Routines;
import io.orderledger.ledger.Database;
import io.orderledger.ledger.Digest;
import io.orderledger.ledger.tree.Proofs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Signs the ledger's newest head and puts it into the store. Whatever it signs goes on from what it signed before: it demands a consistency
 * proof of the database first, so a ledger whose past has changed gets no further signature.
 *
 * <p>Thread-safe; several exporters of one ledger and key may run at once, since they make the same heads.
 */
public final class HeadExporter {
    private static final String ORIGIN_PREFIX = "order-ledger/";

    private final Database database;
    private final HeadSigner signer;
    private final HeadStore store;

    /**
     * Uses a database, a key and a store.
     *
     * @param dataSource connects as {@code ledger_reader} or {@code ledger_auditor}
     */
    public HeadExporter(DataSource dataSource, HeadSigner signer, HeadStore store) {
        this.database = new Database(dataSource);
        this.signer = signer;
        this.store = store;
    }

    /** The key by which others verify what is exported. */
    public VerifierKey verifierKey() {
        return VerifierKey.of(origin(database), signer.publicKey());
    }

    /**
     * Exports the newest head, if it is newer than the newest exported one.
     *
     * @return the head that was exported now; empty if there is nothing new
     * @throws HeadConflict if the ledger does not go on from the newest exported head
     * @throws UnusableHead if the newest exported head is not one of this ledger and key, or the signer's signature does not fit its key
     * @throws io.orderledger.ledger.LedgerUnavailable if the database is away; call again later
     */
    public Optional<TreeHead> export() {
        VerifierKey key = verifierKey();
        Optional<TreeHead> newest = newest(key.name());
        OptionalLong newestExported = store.newest();
        if (newestExported.isPresent()) {
            TreeHead exported = key.open(store.get(newestExported.getAsLong()));
            if (newest.isEmpty() || !goesOn(exported, newest.get())) {
                throw new HeadConflict(
                        exported.size(), newest.map(TreeHead::size).orElse(0L));
            }
            if (exported.size() == newest.get().size()) {
                return Optional.empty();
            }
        }
        newest.ifPresent(head -> store.put(head.size(), signed(head, key)));
        return newest;
    }

    /** What leaves here can never be taken back, so a signature counts only once it was verified as everybody else verifies it. */
    private String signed(TreeHead head, VerifierKey key) {
        String note = key.close(head, signer.sign(head.text().getBytes(StandardCharsets.UTF_8)));
        var unused = key.open(note);
        return note;
    }

    /** What the heads of the ledger in a database have as their first line. */
    public static String origin(Database database) {
        return database.statement(sql -> sql.select(IDENTITY.NAME, IDENTITY.INCARNATION)
                .from(IDENTITY)
                .fetchSingle(row -> ORIGIN_PREFIX + row.value1() + "/" + row.value2()));
    }

    private Optional<TreeHead> newest(String origin) {
        return database.statement(sql -> sql.select(BLOCK.TREE_SIZE, BLOCK.ROOT)
                .from(BLOCK)
                .orderBy(BLOCK.HEIGHT.desc())
                .limit(1)
                .fetchOptional(row -> new TreeHead(origin, row.value1(), Digest.of(row.value2()))));
    }

    private boolean goesOn(TreeHead exported, TreeHead newest) {
        if (exported.size() > newest.size()) {
            return false;
        }
        byte[][] proof = database.statement(
                sql -> Routines.consistencyPath(sql.configuration(), exported.size(), newest.size()));
        return Proofs.isConsistent(
                exported.size(),
                exported.root().bytes(),
                newest.size(),
                newest.root().bytes(),
                List.of(proof));
    }
}
