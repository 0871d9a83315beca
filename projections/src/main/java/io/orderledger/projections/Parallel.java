package io.orderledger.projections;

import java.util.OptionalLong;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Runs pieces of work on some threads until there are none left. */
final class Parallel {
    private Parallel() {}

    /**
     * Returns when all pieces are done. After a failure or an interruption no piece is begun any more, and those under way come to their end
     * first.
     *
     * @param piece does a piece and tells its size; empty when there is none left
     * @param done is told the size of each piece, on the calling thread
     */
    static void run(int threads, Supplier<OptionalLong> piece, LongConsumer done) throws InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            CompletionService<OptionalLong> pieces = new ExecutorCompletionService<>(executor);
            int running = 0;
            try {
                while (running < threads) {
                    pieces.submit(piece::get);
                    running++;
                }
                while (running > 0) {
                    OptionalLong size = pieces.take().get();
                    running--;
                    if (size.isPresent()) {
                        done.accept(size.getAsLong());
                        pieces.submit(piece::get);
                        running++;
                    }
                }
            } finally {
                executor.shutdown();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("A piece of work could not be done", e.getCause());
        }
    }
}
