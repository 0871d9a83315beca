package io.orderledger.db.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL's processes on a data folder, found by what they were started with and not by the number in {@code postmaster.pid}: after a crash of
 * the machine that number may be anybody's, and in a copy of the folder it is that of the original's server. Stateless.
 */
final class Leftovers {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 10;
    private static final List<String> MAKERS = List.of("initdb", "pg_ctl");

    private Leftovers() {}

    /** The server's first process, if it runs. */
    static Optional<ProcessHandle> postmaster(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> isNamed(process, "postgres") && isStartedOn(process, directory))
                .filter(process -> !isChildOfPostgres(process))
                .findFirst();
    }

    /**
     * Whether a process still does anything. One that has ended and was not fetched by its parent yet is no longer told from a living one by its
     * number; but it has no program any more. The server's parent is the system's first process, which may take its time, or never do it.
     */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /**
     * Ends whatever uses the folder: who is just making the cluster, the server, and the sessions of a server that was killed, which hold its
     * shared memory until they notice. Returns when all are gone.
     */
    static void endAll(Path directory) {
        ProcessHandle.allProcesses()
                .filter(process ->
                        MAKERS.stream().anyMatch(name -> isNamed(process, name)) && isStartedOn(process, directory))
                .forEach(Leftovers::kill);
        postmaster(directory).ifPresent(Leftovers::stop);
        List<ProcessHandle> sessions = ProcessHandle.allProcesses()
                .filter(process -> isNamed(process, "postgres")
                        && (isStartedOn(process, directory) || worksIn(process, directory)))
                .toList();
        sessions.forEach(Leftovers::awaitEnd);
        removeOthersPid(directory.resolve("postmaster.pid"));
    }

    /**
     * A server believes that its folder is in use while the process with the number in this file lives, whatever that is. One that is dead it
     * passes over by itself.
     */
    private static void removeOthersPid(Path file) {
        try {
            if (Files.exists(file)
                    && ProcessHandle.of(Long.parseLong(
                                    Files.readAllLines(file).getFirst().strip()))
                            .isPresent()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read or removed", e);
        }
    }

    private static boolean isNamed(ProcessHandle process, String name) {
        return process.info()
                .command()
                .map(command -> name.equals(String.valueOf(Path.of(command).getFileName())))
                .orElse(false);
    }

    private static boolean isStartedOn(ProcessHandle process, Path directory) {
        return process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(directory.toString()))
                .orElse(false);
    }

    private static boolean isChildOfPostgres(ProcessHandle process) {
        return process.parent().map(parent -> isNamed(parent, "postgres")).orElse(false);
    }

    /** Servers go into their folder. Only Linux tells; elsewhere a killed server's sessions have to end by themselves. */
    private static boolean worksIn(ProcessHandle process, Path directory) {
        try {
            return Files.isSameFile(Path.of("/proc/" + process.pid() + "/cwd"), directory);
        } catch (IOException _) {
            return false;
        }
    }

    /** SIGINT is PostgreSQL's fast shutdown: it ends the sessions, writes a checkpoint and stops. */
    private static void stop(ProcessHandle postmaster) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException _) {
            postmaster.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a left-over PostgreSQL was stopped", e);
        }
        awaitEnd(postmaster);
    }

    /** Whatever keeps it from stopping in order: its log is on disk, and the next start recovers from it. */
    private static void awaitEnd(ProcessHandle process) {
        if (!isGoneWithin(STOP_TIMEOUT, process)) {
            kill(process);
        }
    }

    private static void kill(ProcessHandle process) {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process)).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            if (!isGoneWithin(STOP_TIMEOUT, each)) {
                throw new IllegalStateException("The left-over process " + each.pid() + " cannot be killed");
            }
        }
    }

    private static boolean isGoneWithin(Duration limit, ProcessHandle process) {
        long end = System.nanoTime() + limit.toNanos();
        while (runs(process)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while a left-over PostgreSQL was stopped", e);
            }
        }
        return true;
    }
}
