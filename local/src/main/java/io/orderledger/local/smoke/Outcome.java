package io.orderledger.local.smoke;

import java.time.Duration;

/**
 * How one step went.
 *
 * @param step what was tried, in words
 * @param detail for a step that failed, what was expected and what came; else what a person may want to know
 */
public record Outcome(String step, boolean passed, Duration took, String detail) {}
