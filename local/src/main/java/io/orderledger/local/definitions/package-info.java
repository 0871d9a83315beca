/**
 * The files of {@code sam/} as records: the template, the API and the workflow, with every intrinsic function resolved the
 * way CloudFormation does. What a file says and the local run does not support is refused here or by the engine that
 * would run it, always as a {@link io.orderledger.local.definitions.DefinitionException} with file, line and reason.
 */
@NullMarked
package io.orderledger.local.definitions;

import org.jspecify.annotations.NullMarked;
