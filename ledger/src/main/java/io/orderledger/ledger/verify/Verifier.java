package io.orderledger.ledger.verify;

import io.orderledger.ledger.Database;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.ledger.heads.TreeHead;
import io.orderledger.ledger.heads.VerifierKey;
import io.orderledger.ledger.tree.Frontier;
import io.orderledger.ledger.verify.Finding.Kind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a ledger up to the block that is the newest when it begins, while appends and seals go on.
 *
 * <p>Its statements are short ones, and its memory does not depend on the ledger's size: chunks of blocks are checked by several
 * threads, each with a connection of its own, and put into the tree in order. The first finding, in the order of blocks and positions,
 * ends the work.
 *
 * <p>Immutable and thread-safe. Its methods throw {@link io.orderledger.ledger.LedgerUnavailable} when the database goes away meanwhile; the
 * remedy is to begin again, from a trusted head if there is one.
 */
public final class Verifier {
    private static final int CHUNKS_WAITING_PER_THREAD = 2;

    private final Database database;
    private final int threads;
    private final Optional<Exported> exported;

    /**
     * Exported heads, and the key that has to have signed them.
     *
     * @param store the heads
     * @param key the key, from somebody other than the database's owner
     */
    public record Exported(HeadStore store, VerifierKey key) {}

    /**
     * Uses a database.
     *
     * @param dataSource connects as {@code ledger_auditor}; gives as many connections as there are threads, and one more
     * @param threads how many chunks are checked at a time
     * @param exported the heads to compare with; without them a ledger that was rewritten as a whole is not noticed
     */
    public Verifier(DataSource dataSource, int threads, Optional<Exported> exported) {
        this.database = new Database(dataSource);
        this.threads = threads;
        this.exported = exported;
    }

    /** Verifies the whole ledger. */
    public Verification verify(Progress progress) {
        return verify(Optional.empty(), progress);
    }

    /**
     * Verifies what came after a head.
     *
     * @param trusted a head that the caller knows to be right; what is older than it is taken to be as it was then
     */
    public Verification verifySince(TreeHead trusted, Progress progress) {
        return verify(Optional.of(trusted), progress);
    }

    private Verification verify(Optional<TreeHead> trusted, Progress progress) {
        long since = trusted.map(TreeHead::size).orElse(0L);
        Optional<ExportedHeads> heads = exported.map(known -> new ExportedHeads(known.store(), known.key(), since));
        Blocks blocks = new Blocks(database);
        Block newest = blocks.newest();
        Finding wrongLedger = checkOrigin(trusted);
        if (wrongLedger != null) {
            return new Verification(0, 0, 0, 0, Optional.of(wrongLedger));
        }
        Block start = Block.NONE;
        if (trusted.isPresent()) {
            Optional<Block> found = blocks.ofSize(since);
            Finding finding = checkStart(trusted.get(), found);
            if (finding != null) {
                return new Verification(0, 0, 0, 0, Optional.of(finding));
            }
            start = found.orElseThrow();
        }
        Walk walk = new Walk(start, newest, heads, progress);
        Finding inBlocks = run(blocks, walk);
        Finding finding = inBlocks == null && heads.isPresent() ? heads.get().remaining(newest.treeSize()) : inBlocks;
        return walk.report(Optional.ofNullable(finding).or(() -> new LooseEnds(database).check()));
    }

    private @Nullable Finding checkOrigin(Optional<TreeHead> trusted) {
        String origin = HeadExporter.origin(database);
        boolean fits = trusted.map(head -> head.origin().equals(origin)).orElse(true)
                && exported.map(known -> known.key().name().equals(origin)).orElse(true);
        return fits ? null : Finding.of(Kind.HEAD, "the heads are those of another ledger; this one is " + origin);
    }

    private static @Nullable Finding checkStart(TreeHead trusted, Optional<Block> block) {
        if (block.isEmpty()) {
            return Finding.of(Kind.HEAD, "no block ends at the trusted head's size " + trusted.size());
        }
        Block start = block.get();
        if (start.frontier().length != Frontier.lengthOf(start.treeSize())
                || !Arrays.equals(
                        new Frontier(start.treeSize(), start.frontier()).root(),
                        trusted.root().bytes())) {
            return Finding.inBlock(Kind.HEAD, start.height(), "its frontier does not give the trusted head's root");
        }
        return null;
    }

    /** Keeps the threads busy with the chunks ahead, and takes their results in order. */
    private @Nullable Finding run(Blocks blocks, Walk walk) {
        ChunkCheck check = new ChunkCheck(database);
        Deque<Future<Chunk.Result>> ahead = new ArrayDeque<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            try {
                Block planned = walk.last();
                while (true) {
                    while (planned.height() < walk.target().height()
                            && ahead.size() < threads * CHUNKS_WAITING_PER_THREAD) {
                        Optional<Chunk> chunk =
                                blocks.after(planned, walk.target().height());
                        if (chunk.isEmpty()) {
                            break;
                        }
                        ahead.add(executor.submit(() -> check.check(chunk.get())));
                        planned = chunk.get().last();
                    }
                    if (ahead.isEmpty()) {
                        return null;
                    }
                    Finding finding = walk.take(ahead.remove().get());
                    if (finding != null) {
                        return finding;
                    }
                }
            } finally {
                executor.shutdownNow();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("A chunk could not be checked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while verifying", e);
        }
    }
}
