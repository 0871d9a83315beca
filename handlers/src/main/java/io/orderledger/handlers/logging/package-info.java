/**
 * The functions' log on Lambda: a JSON object a line, so that lines can be searched by the request's, the event's and the order's ID. Only the
 * archive that is deployed chooses it ({@code src/lambda/META-INF/services}); elsewhere whoever runs the functions chooses.
 */
@NullMarked
package io.orderledger.handlers.logging;

import org.jspecify.annotations.NullMarked;
