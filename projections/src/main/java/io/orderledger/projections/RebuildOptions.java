package io.orderledger.projections;

/**
 * How to rebuild. None of this changes the result.
 *
 * @param workers how many chunks are folded at a time, each on a connection of its own
 * @param chunkPositions how many positions a chunk spans; ignored where a rebuild is resumed
 * @param restart whether to begin anew where an earlier rebuild was interrupted
 * @param skipFailed whether to go on without the orders that the query cannot read; else the rebuild stops with their list
 */
public record RebuildOptions(int workers, long chunkPositions, boolean restart, boolean skipFailed) {
    /** Two workers, 250,000 positions a chunk: what fits into a worker's sort memory. */
    public static final RebuildOptions DEFAULT = new RebuildOptions(2, 250_000, false, false);

    /** The most workers. */
    public static final int MAX_WORKERS = 64;

    /** The longest chunk: its events are sorted in bounded memory, and beyond it on disk. */
    public static final long MAX_CHUNK_POSITIONS = 10_000_000;

    public RebuildOptions {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("A rebuild has 1 to " + MAX_WORKERS + " workers, not " + workers);
        }
        if (chunkPositions < 1 || chunkPositions > MAX_CHUNK_POSITIONS) {
            throw new IllegalArgumentException(
                    "A chunk spans 1 to " + MAX_CHUNK_POSITIONS + " positions, not " + chunkPositions);
        }
    }

    public RebuildOptions withWorkers(int newWorkers) {
        return new RebuildOptions(newWorkers, chunkPositions, restart, skipFailed);
    }

    public RebuildOptions withChunkPositions(long newChunkPositions) {
        return new RebuildOptions(workers, newChunkPositions, restart, skipFailed);
    }

    public RebuildOptions withRestart(boolean newRestart) {
        return new RebuildOptions(workers, chunkPositions, newRestart, skipFailed);
    }

    public RebuildOptions withSkipFailed(boolean newSkipFailed) {
        return new RebuildOptions(workers, chunkPositions, restart, newSkipFailed);
    }
}
