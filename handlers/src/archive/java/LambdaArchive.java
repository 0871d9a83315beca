import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive that Lambda takes for Java: libraries in lib/, our classes one of them. Run by the build, from its source.
 *
 * <p>The libraries are put in uncompressed, and the archive compresses each of them as a whole. What classes have in common is then stored once
 * and not once a class, which makes the archive a third smaller; and a function that starts reads its classes without inflating them.
 *
 * <p>The same content gives the same bytes, whenever and wherever it is built.
 */
final class LambdaArchive {
    private static final String LIBRARIES = "lib/";
    /** The first that the format knows: what a file's time is must not matter. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private LambdaArchive() {}

    /** Takes a folder with the content, where a folder of lib/ is a library that has yet to be packed, and the archive to be written. */
    public static void main(String[] arguments) throws IOException {
        Path staged = Path.of(arguments[0]);
        Path archive = Path.of(arguments[1]);
        Path written = archive.resolveSibling(archive.getFileName() + ".part");
        try (OutputStream file = Files.newOutputStream(written);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            for (var entry : content(staged).entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTimeLocal(TIME);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        Files.move(written, archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static SortedMap<String, byte[]> content(Path staged) throws IOException {
        SortedMap<String, byte[]> content = new TreeMap<>();
        SortedMap<String, SortedMap<String, byte[]>> unpacked = new TreeMap<>();
        for (var file : files(staged).entrySet()) {
            String name = file.getKey();
            int slash = name.startsWith(LIBRARIES) ? name.indexOf('/', LIBRARIES.length()) : -1;
            if (slash >= 0) {
                unpacked.computeIfAbsent(name.substring(0, slash) + ".jar", any -> new TreeMap<>())
                        .put(name.substring(slash + 1), file.getValue());
            } else if (name.startsWith(LIBRARIES)) {
                content.put(name, stored(entries(file.getValue())));
            } else {
                content.put(name, file.getValue());
            }
        }
        for (var library : unpacked.entrySet()) {
            content.put(library.getKey(), stored(library.getValue()));
        }
        return content;
    }

    private static SortedMap<String, byte[]> files(Path folder) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private static SortedMap<String, byte[]> entries(byte[] jar) throws IOException {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return entries;
    }

    private static byte[] stored(SortedMap<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(entry.getValue());
                header.setCrc(checksum.getValue());
                header.setSize(entry.getValue().length);
                header.setTimeLocal(TIME);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return jar.toByteArray();
    }
}
