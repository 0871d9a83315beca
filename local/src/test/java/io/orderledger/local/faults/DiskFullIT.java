package io.orderledger.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.instance.ApiClient;
import io.orderledger.local.instance.Instance;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data folder's disk is full for a while. It is a small one in memory, which takes root to make: elsewhere this is skipped. */
class DiskFullIT {
    private static final int TIMES = Extent.of(1, 5);
    private static final int CLIENTS = 4;
    private static final int SIZE_MEGABYTES = 384;
    private static final int MEGABYTE = 1 << 20;
    private static final int PAGE = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void refuses_what_it_cannot_store_and_goes_on_by_itself_once_there_is_room() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MEGABYTES + "m,mode=700", "tmpfs", disk.toString()),
                "skipped: this user or machine cannot mount a tmpfs, so no disk could be filled");
        try {
            Path data = disk.resolve("data");
            Strikes strikes = new Strikes("disk of the data folder full");
            try (Up up = Up.start(data)) {
                Clients clients = Clients.begin(CLIENTS, up.api());
                try (clients) {
                    for (int time = 0; time < TIMES; time++) {
                        clients.awaitAccepted(50);
                        Path ballast = disk.resolve("ballast");
                        strikes.strike(clients, data, () -> fill(ballast));
                        await().atMost(PATIENCE)
                                .until(() -> Books.health(up.api())
                                        .path("bus")
                                        .asText()
                                        .equals("down"));
                        assertThat(refusedRightNow(up)).isTrue();
                        Files.delete(ballast);
                        strikes.awaitRecovery(clients, data);
                        assertThat(Books.health(up.api()).path("bus").asText()).isEqualTo("up");
                    }
                }
                strikes.report(Books.close(clients, data));
            }
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    /** Storage-first: what cannot be stored is not accepted. */
    private static boolean refusedRightNow(Up up) throws Exception {
        try (var api = new ApiClient(Instance.on(up.data()).api())) {
            return api.send(
                                    "POST",
                                    "/orders",
                                    UUID.randomUUID(),
                                    new JsonMapper()
                                            .readTree("{\"customer\":{\"id\":\"c\"},\"currency\":\"GBP\","
                                                    + "\"items\":[{\"sku\":\"m\",\"quantity\":1,\"unitPrice\":1}]}"))
                            .status()
                    == 503;
        }
    }

    /** Until there is no byte left. */
    private static void fill(Path ballast) throws IOException {
        for (int portion : new int[] {MEGABYTE, PAGE}) {
            try (OutputStream out =
                    Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                byte[] zeros = new byte[portion];
                while (true) {
                    out.write(zeros);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
