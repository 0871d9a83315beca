package io.orderledger.local.cli;

/** How a command tells what it found. */
enum OutputFormat {
    /** For people. */
    table,
    /** One JSON document: {@code {"command","status","data"|"error"}}. */
    json,
    /** A JSON document a line: each thing that was found, or the whole if it is one. */
    ndjson
}
