package io.orderledger.projections.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The fenced blocks of a Markdown file: what is to be run, and what it gives. */
record Cookbook(String text) {
    private static final Pattern FENCE =
            Pattern.compile("^```([a-z]+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final String OUTPUT = "text";

    /**
     * Something to run.
     *
     * @param heading the heading above
     * @param output the block of text that follows at once
     */
    record Example(String heading, String language, String source, Optional<Output> output) {
        String shown() {
            return output.map(Output::content).orElse("");
        }

        @Override
        public String toString() {
            return heading;
        }
    }

    private record Output(int start, int end, String content) {}

    static Cookbook in(Path file) throws IOException {
        return new Cookbook(Files.readString(file));
    }

    List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        List<MatchResult> fences = FENCE.matcher(text).results().toList();
        for (int i = 0; i < fences.size(); i++) {
            MatchResult fence = fences.get(i);
            if (!fence.group(1).equals(OUTPUT)) {
                Optional<Output> output = i + 1 == fences.size() ? Optional.empty() : after(fence, fences.get(i + 1));
                examples.add(new Example(headingAbove(fence.start()), fence.group(1), fence.group(2), output));
            }
        }
        return examples;
    }

    /** The text with other outputs, and all else as it is. */
    String withOutputs(Function<Example, String> run) {
        StringBuilder written = new StringBuilder();
        int copied = 0;
        for (Example example : examples()) {
            if (example.output().isPresent()) {
                Output output = example.output().get();
                written.append(text, copied, output.start()).append(run.apply(example));
                copied = output.end();
            }
        }
        return written.append(text.substring(copied)).toString();
    }

    private Optional<Output> after(MatchResult fence, MatchResult next) {
        boolean follows = next.group(1).equals(OUTPUT)
                && text.substring(fence.end(), next.start()).isBlank();
        return follows ? Optional.of(new Output(next.start(2), next.end(2), next.group(2))) : Optional.empty();
    }

    private String headingAbove(int index) {
        return HEADING.matcher(text.substring(0, index))
                .results()
                .reduce((first, second) -> second)
                .map(heading -> heading.group(1))
                .orElse("");
    }
}
