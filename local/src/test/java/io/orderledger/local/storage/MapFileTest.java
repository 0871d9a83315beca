package io.orderledger.local.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.LongDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapFileTest {

    @TempDir
    Path folder;

    @Test
    void finds_what_was_forced_in_a_copy_taken_while_the_file_is_open() throws IOException {
        Path original = folder.resolve("a.mv");
        Path copy = folder.resolve("b.mv");
        try (MapFile file = MapFile.open(original)) {
            MVMap<Long, byte[]> map = file.map("m", LongDataType.INSTANCE);
            LongStream.range(0, 500).forEach(i -> map.put(i, bytes(i)));
            file.force();
            Files.copy(original, copy);
        }
        assertThat(keys(copy))
                .containsExactlyElementsOf(LongStream.range(0, 500).boxed().toList());
    }

    @Test
    void forces_what_the_stores_own_commit_has_taken_and_not_yet_written() throws IOException {
        Path original = folder.resolve("a.mv");
        Path copy = folder.resolve("b.mv");
        try (MapFile file = MapFile.open(original)) {
            // So much that writing takes a while.
            file.map("m", LongDataType.INSTANCE).put(1L, new byte[64 * 1024 * 1024]);
            file.commitInBackground();
            file.force();
            Files.copy(original, copy);
        }
        assertThat(keys(copy)).containsExactly(1L);
    }

    @Test
    void passes_over_a_torn_tail() throws IOException {
        Path path = folder.resolve("a.mv");
        Path torn = folder.resolve("torn.mv");
        try (MapFile file = MapFile.open(path)) {
            MVMap<Long, byte[]> map = file.map("m", LongDataType.INSTANCE);
            map.put(1L, bytes(1));
            file.force();
            Files.copy(path, torn);
        }
        byte[] half = new byte[3000];
        java.util.Arrays.fill(half, (byte) 'c');
        Files.write(torn, half, StandardOpenOption.APPEND);

        assertThat(keys(torn)).containsExactly(1L);
        try (MapFile file = MapFile.open(torn)) {
            file.map("m", LongDataType.INSTANCE).put(2L, bytes(2));
            file.force();
        }
        assertThat(keys(torn)).containsExactly(1L, 2L);
    }

    @Test
    void loses_at_most_the_commit_that_was_cut_off() throws IOException {
        Path path = folder.resolve("a.mv");
        Path cut = folder.resolve("cut.mv");
        try (MapFile file = MapFile.open(path)) {
            MVMap<Long, byte[]> map = file.map("m", LongDataType.INSTANCE);
            map.put(1L, bytes(1));
            file.force();
            long whole = Files.size(path);
            map.put(2L, new byte[100_000]);
            file.force();
            byte[] all = Files.readAllBytes(path);
            assertThat((long) all.length).isGreaterThan(whole);
            Files.write(cut, java.util.Arrays.copyOf(all, (int) whole + 2000));
        }
        assertThat(keys(cut)).containsExactly(1L);
    }

    @Test
    void forces_for_many_threads_at_once() {
        Path path = folder.resolve("a.mv");
        try (MapFile file = MapFile.open(path)) {
            MVMap<Long, byte[]> map = file.map("m", LongDataType.INSTANCE);
            List<CompletableFuture<Void>> writers = LongStream.range(0, 64)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        map.put(i, bytes(i));
                        file.force();
                    }))
                    .toList();
            writers.forEach(CompletableFuture::join);
        }
        assertThat(keys(path)).hasSize(64);
    }

    @Test
    void uses_the_space_of_what_was_removed_again_after_a_restart() throws IOException {
        Path path = folder.resolve("a.mv");
        long afterTheFirst = sizeAfterFillingAndClearing(path);
        for (int round = 0; round < 4; round++) {
            sizeAfterFillingAndClearing(path);
        }
        assertThat(Files.size(path)).isLessThan(2 * afterTheFirst);
    }

    private static long sizeAfterFillingAndClearing(Path path) throws IOException {
        try (MapFile file = MapFile.open(path)) {
            MVMap<Long, byte[]> map = file.map("m", LongDataType.INSTANCE);
            for (long i = 0; i < 50; i++) {
                map.put(i, new byte[20_000]);
                file.force();
            }
            map.clear();
        }
        return Files.size(path);
    }

    @Test
    void refuses_a_file_that_is_open_already() {
        Path path = folder.resolve("a.mv");
        try (MapFile _ = MapFile.open(path)) {
            assertThatThrownBy(() -> MapFile.open(path).close())
                    .isInstanceOf(MapFileUnusable.class)
                    .hasMessageContaining(path.toString());
        }
    }

    private static List<Long> keys(Path path) {
        try (MapFile file = MapFile.open(path)) {
            return List.copyOf(file.map("m", LongDataType.INSTANCE).keySet());
        }
    }

    private static byte[] bytes(long value) {
        return Long.toString(value).getBytes(UTF_8);
    }
}
