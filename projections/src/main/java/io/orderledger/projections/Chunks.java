package io.orderledger.projections;

import io.orderledger.projections.RebuildState.Chunk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jooq.TableField;

/** Gives each chunk for which a job is still to be done to one of several workers. Thread-safe. */
final class Chunks implements Supplier<OptionalLong> {
    private final RebuildState state;
    private final TableField<?, Boolean> done;
    private final Consumer<Chunk> job;
    private final Deque<Chunk> read = new ArrayDeque<>();
    private int last;

    Chunks(RebuildState state, TableField<?, Boolean> done, Consumer<Chunk> job) {
        this.state = state;
        this.done = done;
        this.job = job;
    }

    /** Does the job for the next chunk, and returns how many positions it spans; empty when there is none left. */
    @Override
    public OptionalLong get() {
        Optional<Chunk> chunk = next();
        if (chunk.isEmpty()) {
            return OptionalLong.empty();
        }
        job.accept(chunk.get());
        return OptionalLong.of(chunk.get().positions());
    }

    private synchronized Optional<Chunk> next() {
        if (read.isEmpty()) {
            read.addAll(state.chunksWithout(done, last));
        }
        Optional<Chunk> chunk = Optional.ofNullable(read.poll());
        chunk.ifPresent(found -> last = found.number());
        return chunk;
    }
}
