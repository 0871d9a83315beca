package io.orderledger.local.world;

import io.orderledger.ledger.heads.FileHeadSigner;
import io.orderledger.ledger.heads.FolderHeadStore;
import io.orderledger.ledger.heads.HeadExporter;
import io.orderledger.ledger.heads.HeadSigner;
import io.orderledger.ledger.heads.HeadStore;
import io.orderledger.ledger.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A world's signed tree heads, in a folder outside of its database. */
final class Heads implements AutoCloseable {
    private final Path folder;
    private final HeadStore store;

    Heads() {
        try {
            this.folder = Files.createTempDirectory("world-heads");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.store = new FolderHeadStore(folder);
    }

    HeadExporter exporter(DataSource database) {
        return new HeadExporter(database, Key.SIGNER, store);
    }

    /** What has been exported, with the key. */
    Verifier.Exported exported(DataSource database) {
        return new Verifier.Exported(store, exporter(database).verifierKey());
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : List.copyOf(found.toList())) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for all worlds: a key is no part of what the seed decides. */
    private static final class Key {
        static final HeadSigner SIGNER = drawn();

        private static HeadSigner drawn() {
            try {
                Path folder = Files.createTempDirectory("world-key");
                HeadSigner signer = FileHeadSigner.in(folder.resolve("key.pem"));
                delete(folder);
                return signer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
