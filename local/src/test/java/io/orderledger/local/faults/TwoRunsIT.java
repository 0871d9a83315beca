package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody starts a second local run on the database of one that is at work. */
class TwoRunsIT {
    private static final int TIMES = Extent.of(2, 10);
    private static final int CLIENTS = 4;

    @TempDir
    private Path folder;

    @Test
    void refuses_the_second_and_disturbs_the_first_in_nothing() throws Exception {
        Path data = folder.resolve("data");
        Strikes strikes = new Strikes("a second `up` on the same database");
        try (Up up = Up.start(data)) {
            Clients clients = Clients.begin(CLIENTS, up.api());
            try (clients) {
                for (int time = 0; time < TIMES; time++) {
                    clients.awaitAccepted(30);
                    strikes.strike(clients, data, () -> {
                        try (Up second = Up.begin(data, Map.of())) {
                            assertThat(second.awaitEnd()).isEqualTo(2);
                        }
                    });
                    strikes.awaitRecovery(clients, data);
                }
                assertThat(up.logged()).contains("is running on " + data);
            }
            strikes.report(Books.close(clients, data));
        }
    }

    @Test
    void lets_one_of_two_run_that_are_started_at_the_same_moment() throws Exception {
        Path data = folder.resolve("race");
        try (Up one = Up.begin(data, Map.of());
                Up other = Up.begin(data, Map.of())) {
            CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> ready(one));
            assertThat(ready(other)).isNotEqualTo(first.join());
            Clients clients = Clients.begin(1, one.api());
            try (clients) {
                clients.awaitAccepted(5);
            }
            Books.close(clients, data);
        }
    }

    /** Whose folder was copied while it ran, database and all, goes on; and so does the copy, by itself. */
    @Test
    void lets_a_run_on_a_copy_of_the_folder_of_another_be() throws Exception {
        Path data = folder.resolve("original");
        Path copy = folder.resolve("copy");
        Strikes strikes = new Strikes("`up` on a copy of a running folder");
        try (Up up = Up.start(data)) {
            Clients clients = Clients.begin(CLIENTS, up.api());
            try (clients) {
                clients.awaitAccepted(30);
            }
            Books.settle(data);
            Clients more = Clients.begin(CLIENTS, up.api());
            try (more) {
                strikes.strike(more, data, () -> copyAndRun(data, copy));
                strikes.awaitRecovery(more, data);
                more.accepted().addAll(clients.accepted());
                more.open().addAll(clients.open());
            }
            strikes.report(Books.close(more, data));
        }
    }

    private static void copyAndRun(Path data, Path copy) throws Exception {
        assertThat(new ProcessBuilder("cp", "-r", data.toString(), copy.toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.setPosixFilePermissions(copy.resolve("postgres"), PosixFilePermissions.fromString("rwx------"));
        Files.deleteIfExists(copy.resolve("instance.json"));
        // Files that are copied while they are written may be torn: it starts, or it says why not.
        try (Up second = Up.begin(copy, Map.of())) {
            if (second.becomesReady()) {
                Clients its = Clients.begin(1, second.api());
                try (its) {
                    its.awaitAccepted(5);
                }
            } else {
                assertThat(second.awaitEnd()).isEqualTo(2);
            }
        }
    }

    private static boolean ready(Up up) {
        try {
            return up.becomesReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
