package io.orderledger.local.definitions;

/**
 * A mapping template.
 *
 * @param location where its first line is written, so that a mistake in line n of it can be named
 */
public record TemplateText(Location location, String text) {

    /** Where the template's line {@code line}, counted from 1, is written. */
    public Location line(int line) {
        return new Location(location.file(), location.line() + Math.max(line, 1) - 1);
    }
}
