/** What has to happen although nobody asks: sealing and catching up what an invocation left undone. */
@NullMarked
package io.orderledger.handlers.upkeep;

import org.jspecify.annotations.NullMarked;
