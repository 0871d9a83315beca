package io.orderledger.benchmarks.coldstart;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One way to start a function.
 *
 * @param name for people
 * @param task what Lambda would find in /var/task
 * @param handler the class
 * @param classpath of the JVM: Lambda's runtime alone, or the function's libraries too, which a cache of classes needs
 * @param options of the JVM beside those that Lambda gives
 * @param launcher what the command is put behind, for a share of the processor
 * @param fromSnapshot whether the time is taken from the moment when the process goes on after its snapshot
 */
record Start(
        String name,
        Path task,
        String handler,
        String classpath,
        List<String> options,
        boolean fromSnapshot,
        List<String> launcher) {
    /** The same with further options. */
    Start with(List<String> more) {
        List<String> all = Stream.concat(options.stream(), more.stream()).toList();
        return new Start(name, task, handler, classpath, all, fromSnapshot, launcher);
    }

    /** The same by another name, with a share of the processor. */
    Start within(String otherName, ProcessorShare share) {
        return new Start(otherName, task, handler, classpath, options, fromSnapshot, share.launcher());
    }
}
