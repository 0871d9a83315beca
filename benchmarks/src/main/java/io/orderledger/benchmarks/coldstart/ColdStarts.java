package io.orderledger.benchmarks.coldstart;

import io.orderledger.benchmarks.coldstart.FunctionStarts.Took;
import io.orderledger.benchmarks.server.BenchmarkServer;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** create-order in the ways it can start, and beside it the floor. Not thread-safe. */
public final class ColdStarts {
    /** What is deployed, in the folder that the handlers are built into. */
    public static final String ARCHIVE = "order-ledger-handlers-lambda.zip";

    /** As Lambda starts a function without a snapshot. */
    public static final String PLAIN = "create-order";

    /** With the JDK's cache of loaded and linked classes. */
    public static final String CACHED = "create-order, AOT cache";

    private static final String CREATE_ORDER = "io.orderledger.handlers.createorder.CreateOrder";
    private static final String ROLE = "ledger_recorder";

    private static final Map<String, String> PHASES = Map.of(
            "java.lang.Object",
            "the JVM starts",
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
            "Lambda's client starts",
            CREATE_ORDER,
            "the function is made, and jOOQ with it",
            "io.orderledger.handlers.requests.RequestReader",
            "the event is read",
            "org.postgresql.ds.PGSimpleDataSource",
            "it connects",
            "io.orderledger.handlers.database.LentConnection",
            "it appends and seals",
            "io.orderledger.projections.Step",
            "it catches the views up");

    private final Path handlers;
    private final Path folder;
    private final FunctionStarts starts;
    private final Path task;
    private final Path cache;

    /** What all starts of one kind took. */
    public record Measured(
            String name, List<Double> milliseconds, List<Double> untilAsking, List<Double> residentBytes) {
        private static Measured of(String name) {
            return new Measured(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** What a JVM has in use, in bytes. */
    public record Memory(long heap, long metaspace) {}

    /**
     * Unpacks what is deployed.
     *
     * @param handlers the folder that they are built into
     * @param folder for what is made here
     */
    public ColdStarts(BenchmarkServer server, String database, Path handlers, Path folder) {
        this.handlers = handlers;
        this.folder = folder;
        server.admit(ROLE);
        server.execute(
                database,
                "create table floor (id bigint generated always as identity primary key, event jsonb not null);"
                        + " grant insert on floor to " + ROLE);
        this.task = TaskFolder.unpacked(handlers.resolve(ARCHIVE), folder.resolve("task"));
        this.cache = folder.resolve("create-order.aot");
        Map<String, String> environment = new HashMap<>(Map.of(
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(server.as(ROLE, database).getPortNumbers()[0]),
                "PGDATABASE",
                database,
                "PGUSER",
                ROLE,
                "PGPASSWORD",
                server.password(),
                "PGSSLMODE",
                "disable",
                "AWS_REGION",
                "eu-west-1"));
        this.starts = new FunctionStarts(
                environment,
                TaskFolder.nativePart(handlers.resolve("lambda-runtime"), folder),
                folder.resolve("function.log"));
    }

    /** Each kind of start once a round, in turns; a first round is not counted. The floor comes first in the list. */
    public List<Measured> run(int rounds, PrintStream progress) {
        String runtime = TaskFolder.libraries(handlers.resolve("lambda-runtime"));
        String everything = runtime + File.pathSeparator + TaskFolder.libraries(task.resolve("lib"));
        Path floor = TaskFolder.insertOnly(task.resolve("lib"), folder.resolve("floor"));
        Start cached = new Start(CACHED, task, CREATE_ORDER, everything, List.of(), false, List.of());
        starts.train(cached, cache);
        List<Start> kinds = List.of(
                new Start(
                        "floor: connect and insert",
                        floor,
                        InsertOnly.class.getName(),
                        runtime,
                        List.of(),
                        false,
                        List.of()),
                new Start(PLAIN, task, CREATE_ORDER, runtime, List.of(), false, List.of()),
                cached.with(List.of("-XX:AOTCache=" + cache)),
                new Start(
                        "create-order, from its snapshot on", task, CREATE_ORDER, runtime, List.of(), true, List.of()));
        List<Measured> measured = inTurns(kinds, rounds, progress);
        starts.profile(kinds.get(1), folder.resolve("profile"));
        return measured;
    }

    /** create-order with the share of the processor that Lambda gives by memory; empty where this machine cannot give one. */
    public List<Measured> byMemory(List<Integer> megabytes, int rounds, PrintStream progress) throws IOException {
        String runtime = TaskFolder.libraries(handlers.resolve("lambda-runtime"));
        List<Start> kinds = new ArrayList<>();
        List<ProcessorShare> shares = new ArrayList<>();
        for (int size : megabytes) {
            ProcessorShare.of(size).ifPresent(share -> {
                shares.add(share);
                for (boolean fromSnapshot : List.of(false, true)) {
                    kinds.add(new Start("", task, CREATE_ORDER, runtime, List.of(), fromSnapshot, List.of())
                            .within(size + " MB" + (fromSnapshot ? ", from its snapshot on" : ""), share));
                }
            });
        }
        try {
            return inTurns(kinds, rounds, progress);
        } finally {
            for (ProcessorShare share : shares) {
                share.close();
            }
        }
    }

    private List<Measured> inTurns(List<Start> kinds, int rounds, PrintStream progress) {
        List<Measured> measured =
                kinds.stream().map(kind -> Measured.of(kind.name())).toList();
        for (int round = 0; round <= rounds; round++) {
            progress.printf("round %d of %d%n", round, rounds);
            for (int kind = 0; kind < kinds.size(); kind++) {
                Took took = starts.time(kinds.get(kind));
                if (round > 0) {
                    measured.get(kind).milliseconds().add(took.milliseconds());
                    measured.get(kind).untilAsking().add(took.untilAsking());
                    measured.get(kind).residentBytes().add((double) took.peakResidentBytes());
                }
            }
        }
        return measured;
    }

    /** Of create-order without a cache: how many classes were loaded until the answer, by where they came from. */
    public SortedMap<String, Long> classes() {
        Pattern source = Pattern.compile("source: (?:file:\\S*/|)(jrt:|shared objects|[^/\\s]+\\.jar|\\S+)");
        try (Stream<String> lines = Files.lines(folder.resolve("profile").resolve("classes.txt"))) {
            return lines.map(source::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .map(name -> name.startsWith("jrt:")
                            ? "the JDK"
                            : name.startsWith("shared") ? "the JDK's archive" : name)
                    .map(name -> name.endsWith(".jar") ? name : name.startsWith("the JDK") ? name : "made by the JVM")
                    .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When the same start began to do what, in milliseconds since the JVM began; each is told by the first class that it alone needs. */
    public SequencedMap<String, Double> phases() {
        SequencedMap<String, Double> phases = new LinkedHashMap<>();
        Pattern loaded = Pattern.compile("\\[([0-9.]+)s] (\\S+) source: .*");
        try (Stream<String> lines = Files.lines(folder.resolve("profile").resolve("classes.txt"))) {
            double last = 0;
            for (Matcher line :
                    lines.map(loaded::matcher).filter(Matcher::matches).toList()) {
                last = Double.parseDouble(line.group(1)) * 1_000;
                String phase = PHASES.get(line.group(2));
                if (phase != null) {
                    phases.putIfAbsent(phase, last);
                }
            }
            phases.put("ends", last);
            return phases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the same start had in use after its answer: the heap's generations together, and what the JVM keeps about classes. */
    public Memory memory() {
        Pattern used = Pattern.compile("^ *(DefNew|Tenured|Metaspace) .*?used (\\d+)K");
        try (Stream<String> lines = Files.lines(folder.resolve("profile").resolve("heap.txt"))) {
            Map<String, Long> kilobytes = lines.map(used::matcher)
                    .filter(Matcher::find)
                    .collect(Collectors.groupingBy(
                            found -> found.group(1), Collectors.summingLong(found -> Long.parseLong(found.group(2)))));
            return new Memory(
                    (kilobytes.getOrDefault("DefNew", 0L) + kilobytes.getOrDefault("Tenured", 0L)) * 1_024,
                    kilobytes.getOrDefault("Metaspace", 0L) * 1_024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long archiveBytes() {
        return bytes(handlers.resolve(ARCHIVE));
    }

    public long cacheBytes() {
        return bytes(cache);
    }

    /** What Lambda's limit of 250 MB counts. */
    public long unpackedBytes() {
        try (Stream<Path> files = Files.walk(task)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(ColdStarts::bytes)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
