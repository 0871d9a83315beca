package io.orderledger.local.instance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderledger.local.database.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How to reach a running instance.
 *
 * @param pid the process
 * @param api where requests about orders are answered
 * @param services where the AWS services' wire protocols are answered
 * @param control where this product's other commands are answered
 * @param token what the control endpoint demands from whoever calls it
 * @param apiToken what the API demands; empty where it demands nothing
 * @param functions the functions' names by their logical IDs
 * @param queues the queues' URLs by their logical IDs
 */
public record Instance(
        long pid,
        URI api,
        URI services,
        URI control,
        String token,
        String apiToken,
        Map<String, String> functions,
        Map<String, String> queues) {
    private static final String FILE = "instance.json";
    private static final JsonMapper JSON = new JsonMapper();

    public Instance {
        functions = Map.copyOf(functions);
        queues = Map.copyOf(queues);
    }

    /**
     * Finds the instance that runs on a data folder.
     *
     * @throws NotRunning if none does
     */
    public static Instance on(Path data) {
        Path file = data.resolve(FILE);
        if (!Files.exists(file) || !DataFolder.isLocked(data)) {
            throw new NotRunning(data);
        }
        try {
            return JSON.readValue(file.toFile(), Instance.class);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** A client of the API, with the token that it demands. */
    public ApiClient apiClient() {
        return new ApiClient(api, apiToken);
    }

    void writeTo(DataFolder folder) {
        Path file = folder.path().resolve(FILE);
        try {
            PrivateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    static void removeFrom(DataFolder folder) {
        Path file = folder.path().resolve(FILE);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be removed", e);
        }
    }

    /** No instance runs on the folder. Start one. */
    public static final class NotRunning extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String data;

        NotRunning(Path data) {
            super("nothing is running on " + data);
            this.data = data.toString();
        }

        /** The folder on which an instance was looked for. */
        public String data() {
            return data;
        }
    }
}
