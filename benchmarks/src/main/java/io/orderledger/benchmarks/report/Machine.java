package io.orderledger.benchmarks.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * What the figures depend on, and nothing that tells whose machine it is.
 *
 * @param processor model
 * @param processors how many the JVM may use
 * @param memoryMegabytes of the machine; 0 where it is not told
 * @param operatingSystem name and version
 * @param jvm name and version
 * @param forcesPerSecond how often 8 KB can be written and forced to the disk in a second, one after another
 */
public record Machine(
        String processor,
        int processors,
        long memoryMegabytes,
        String operatingSystem,
        String jvm,
        double forcesPerSecond) {
    private static final int FORCES = 300;
    private static final int FORCED_BYTES = 8_192;

    /**
     * Looks at this machine.
     *
     * @param folder on the disk that the databases are on
     */
    public static Machine here(Path folder) {
        return new Machine(
                field(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal", "0").replaceAll("[^0-9]", "")) / 1_024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                forcesPerSecond(folder));
    }

    /** In a line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %,d MB, %s, %s, %,.0f forces of the disk a second",
                processor,
                processors,
                memoryMegabytes,
                operatingSystem,
                jvm,
                forcesPerSecond);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("processor", processor)
                .put("processors", processors)
                .put("memoryMegabytes", memoryMegabytes)
                .put("operatingSystem", operatingSystem)
                .put("jvm", jvm)
                .put("diskForcesPerSecond", Figures.rounded(forcesPerSecond));
    }

    private static String field(Path file, String name, String otherwise) {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(otherwise);
        } catch (IOException e) {
            throw new UncheckedIOException("The machine does not describe itself", e);
        }
    }

    private static double forcesPerSecond(Path folder) {
        try {
            Path file = Files.createTempFile(Files.createDirectories(folder), "force", ".tmp");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                long begin = System.nanoTime();
                for (int i = 0; i < FORCES; i++) {
                    channel.write(ByteBuffer.allocate(FORCED_BYTES), (long) i * FORCED_BYTES);
                    channel.force(false);
                }
                return FORCES * 1e9 / (System.nanoTime() - begin);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The disk could not be tried", e);
        }
    }
}
