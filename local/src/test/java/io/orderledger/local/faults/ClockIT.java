package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine's clock is put forward and back by an hour while everything runs: libfaketime tells another time to the JVM and to PostgreSQL. Clocks
 * that nobody can set go on as they are.
 */
class ClockIT {
    private static final int ROUNDS = Extent.of(1, 5);
    private static final int CLIENTS = 6;
    private static final List<String> TIMES = List.of("+3600", "-3600", "+0");

    @TempDir
    private Path folder;

    @Test
    void goes_on_whatever_the_clock_says() throws Exception {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "skipped: libfaketime is not installed");
        Path data = folder.resolve("data");
        Path time = folder.resolve("time");
        Files.writeString(time, "+0\n");
        Map<String, String> environment = Map.of(
                "LD_PRELOAD", library.orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", time.toString(),
                "FAKETIME_NO_CACHE", "1",
                // Else waits of the JVM end too early or too late.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "DONT_FAKE_MONOTONIC", "1");
        Strikes strikes = new Strikes("clock put forward and back by 1 h and 2 h");
        Up up = Up.start(data, environment);
        try {
            Clients clients = Clients.begin(CLIENTS, up.api());
            try (clients) {
                for (int round = 0; round < ROUNDS; round++) {
                    for (String next : TIMES) {
                        clients.awaitAccepted(60);
                        // Something waits for a retry when the clock jumps.
                        up.postmaster().orElseThrow().destroyForcibly();
                        clients.awaitAccepted(20);
                        strikes.strike(clients, data, () -> set(time, next));
                        strikes.awaitRecovery(clients, data);
                    }
                    clients.awaitAccepted(20);
                    up.kill();
                    set(time, "-3600");
                    up = Up.start(data, environment);
                    clients.pointTo(up.api());
                    strikes.awaitRecovery(clients, data);
                }
            }
            Books.Outcome outcome = Books.close(clients, data);
            assertThat(
                            Books.number(
                                    data,
                                    "select count(*) from ledger.event where abs(extract(epoch from recorded_at - now())) > 1800"))
                    .as("events that were recorded at another time, so that the clock was moved for the server, too")
                    .isPositive();
            assertThat(Books.number(
                            data,
                            "select count(*) from (select sealed_at < lag(sealed_at) over (order by height) as back from ledger.block) b"
                                    + " where back"))
                    .as("blocks that are older than the one before")
                    .isZero();
            strikes.report(outcome);
        } finally {
            up.close();
        }
    }

    private static void set(Path time, String offset) throws IOException {
        Path fresh = time.resolveSibling("time.new");
        Files.writeString(fresh, offset + "\n");
        Files.move(fresh, time, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Path> library() {
        return Stream.of(
                        System.getProperty("faketime", ""),
                        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1")
                .filter(file -> !file.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
    }
}
