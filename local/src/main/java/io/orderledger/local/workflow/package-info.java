/**
 * Step Functions on one machine: synchronous Express executions of the part of the
 * <a href="https://states-language.net/spec.html">Amazon States Language</a> that {@code sam/} uses. The rest of the
 * language is refused when the definition is read, with file, line and reason.
 */
@NullMarked
package io.orderledger.local.workflow;

import org.jspecify.annotations.NullMarked;
