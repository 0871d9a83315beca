/** What sealing and proving cost, by JMH. */
@NullMarked
package io.orderledger.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
