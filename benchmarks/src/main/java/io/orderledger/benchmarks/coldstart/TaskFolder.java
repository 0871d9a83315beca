package io.orderledger.benchmarks.coldstart;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What Lambda would find in /var/task. */
final class TaskFolder {
    private TaskFolder() {}

    /** The archive that is deployed. */
    static Path unpacked(Path archive, Path folder) {
        empty(folder);
        try (InputStream file = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IllegalStateException(entry.getName());
                }
                Files.createDirectories(target.getParent());
                Files.copy(zip, target);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link InsertOnly} and the database's driver, and nothing else. */
    static Path insertOnly(Path library, Path folder) {
        empty(folder);
        String name = InsertOnly.class.getName().replace('.', '/') + ".class";
        try (InputStream code = InsertOnly.class.getClassLoader().getResourceAsStream(name)) {
            if (code == null) {
                throw new IllegalStateException(name + " is missing");
            }
            Path target = folder.resolve(name);
            Files.createDirectories(target.getParent());
            Files.copy(code, target);
            Path lib = Files.createDirectories(folder.resolve("lib"));
            try (Stream<Path> jars = Files.list(library)) {
                for (Path jar : jars.filter(jar -> jar.getFileName().toString().matches("0-postgresql-.*[.]jar"))
                        .toList()) {
                    Files.copy(jar, lib.resolve(jar.getFileName()));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The libraries of a folder as a class path. */
    static String libraries(Path folder) {
        File[] jars = folder.toFile().listFiles((_, name) -> name.endsWith(".jar"));
        if (jars == null) {
            throw new IllegalStateException(folder + " is missing");
        }
        return String.join(
                File.pathSeparator,
                Arrays.stream(jars).map(File::getPath).sorted().toList());
    }

    /** The native part of Lambda's client, for this processor: else every process unpacks it anew, which Lambda does not do. */
    static Path nativePart(Path runtime, Path folder) {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        try (Stream<Path> libraries = Files.list(runtime)) {
            Path client = libraries
                    .filter(jar -> jar.getFileName().toString().startsWith("aws-lambda-java-runtime-interface-client-"))
                    .findFirst()
                    .orElseThrow();
            try (FileSystem jar = FileSystems.newFileSystem(client)) {
                return Files.copy(
                        jar.getPath("jni", "libaws-lambda-jni.linux-" + processor + ".so"),
                        folder.resolve("libaws-lambda-jni.so"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void empty(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
