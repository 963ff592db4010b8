/**
 * For tests that neither wait nor depend on luck: virtual time, a network in memory with faults on command, and a JUnit
 * extension that fails a test if it leaves something behind.
 *
 * <p>{@link io.samovar.testing.SamovarExtension} is where most tests begin. {@link io.samovar.testing.TestLoop} is the same for
 * other frameworks, {@link io.samovar.testing.VirtualClock} and {@link io.samovar.testing.VirtualNetwork} are what they are
 * made of.
 *
 * <pre>{@code
 * @ExtendWith(SamovarExtension.class)
 * class EchoTest {
 *     @Test
 *     void echoesByteByByte(StreamPair pair) {
 *         runTest(() -> {
 *             pair.connection().chunks(1);
 *             Task<Void> echo = Async.createTask(Echo.echo(pair.far()));
 *             await(pair.near().write(bytes("samovar")));
 *             pair.near().shutdownOutput();
 *             assertThat(await(readToTheEnd(pair.near()))).isEqualTo("samovar");
 *             await(echo);
 *             return Coroutine.done();
 *         });
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.samovar.testing;

import org.jspecify.annotations.NullMarked;
