/** Functions as Lambda runs them: from the archive, in a process of their own, under Lambda's runtime interface client. */
@NullMarked
package io.orderledger.handlers.runtime;

import org.jspecify.annotations.NullMarked;
