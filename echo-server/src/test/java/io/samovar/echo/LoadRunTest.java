package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On each transport that is available, against servers in this JVM. */
@Tag("transport")
@Timeout(30)
@ParameterizedClass
@MethodSource("transports")
class LoadRunTest {
    /** Longer than the test may take: such a run must end by something else. */
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private static final Duration SHORT = Duration.ofMillis(50);

    @Parameter
    TransportProvider transport;

    /** Ends the run that is going on. */
    private volatile Runnable interrupt = () -> {};

    static Stream<Named<TransportProvider>> transports() {
        return Transports.installed().stream()
                .filter(provider -> provider.unavailabilityCause() == null)
                .map(provider -> Named.of(provider.name(), provider));
    }

    @Test
    void everyByteComesBack() throws Exception {
        LoadPlan plan = new LoadPlan(100, 64, 1, SHORT, SHORT);
        LoadResult result = againstTheEchoServer(plan);
        assertThat(result.failure()).isNull();
        assertThat(result.errors()).isZero();
        assertThat(result.elapsedNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(result.verifiedBytes()).isGreaterThanOrEqualTo(100 * 64).matches(bytes -> bytes % 64 == 0);
        assertThat(result.transport()).isEqualTo(transport.name());
    }

    @Test
    void messagesInFlightComeBackInOrder() throws Exception {
        LoadResult result = againstTheEchoServer(new LoadPlan(10, 100, 50, SHORT, SHORT));
        assertThat(result.failure()).isNull();
        assertThat(result.verifiedBytes()).isGreaterThanOrEqualTo(10 * 100 * 50);
    }

    @Test
    void messagesLargerThanTheSocketsBuffersDoNotDeadlock() throws Exception {
        LoadResult result = againstTheEchoServer(new LoadPlan(2, 8 << 20, 2, Duration.ZERO, Duration.ZERO));
        assertThat(result.failure()).isNull();
        assertThat(result.verifiedBytes()).isGreaterThanOrEqualTo(2 * 2 * (8 << 20));
    }

    @Test
    void moreConnectionsThanConnectAtOnce() throws Exception {
        LoadResult result = againstTheEchoServer(new LoadPlan(300, 1, 1, Duration.ZERO, Duration.ZERO));
        assertThat(result.failure()).isNull();
        assertThat(result.verifiedBytes()).isGreaterThanOrEqualTo(300);
    }

    @Test
    void aCorruptedByteIsAMismatch() throws Exception {
        LoadResult result = against(1, once(1_000, data -> data.setByte(40, ~data.getByte(40))));
        assertThat(result.mismatches()).isEqualTo(1);
        assertThat(result.failure())
                .matches("connection 0 got a wrong byte at position [\\d,]+ of its stream: 0x.. instead of 0x..");
    }

    @Test
    void aLostByteIsAMismatch() throws Exception {
        LoadResult result = against(2, once(1_000, data -> data.skipBytes(1)));
        assertThat(result.mismatches()).isEqualTo(1);
    }

    @Test
    void aDoubledMessageIsAMismatch() throws Exception {
        LoadResult result = against(1, once(1_000, data -> Unpooled.wrappedBuffer(data.copy(), data)));
        assertThat(result.mismatches()).isEqualTo(1);
    }

    @Test
    void aConnectionThatTheServerClosesIsLost() throws Exception {
        LoadResult result = against(1, once(1_000, data -> {
            data.release();
            return null;
        }));
        assertThat(result.lost()).isEqualTo(1);
        assertThat(result.mismatches()).isZero();
        assertThat(result.failure())
                .matches("connection 0 was lost in mid-run, after [\\d,]+ bytes: the server closed it");
    }

    @Test
    void anInterruptedRunEndsWithWhatItHas() throws Exception {
        LoadResult result = against(1, once(1_000, data -> {
            interrupt.run();
            return data;
        }));
        assertThat(result.interrupted()).isTrue();
        assertThat(result.failure()).isNull();
        assertThat(result.verifiedBytes()).isPositive();
    }

    @Test
    void anInterruptBeforeTheRunIsNotLost() throws Exception {
        try (LoopThread thread = LoopThread.start("test-load", transport)) {
            LoadPlan plan = new LoadPlan(1, 64, 1, FOR_EVER, FOR_EVER);
            LoadRun run = thread.call(() -> Coroutine.of(new LoadRun(plan, Addresses.LOOPBACK, LoadListener.NONE)));
            thread.execute(run::interrupt);
            LoadResult result = thread.call(run::run);
            assertThat(result.interrupted()).isTrue();
            assertThat(result.verifiedBytes()).isZero();
        }
    }

    @Test
    void aRefusedConnectionFailsTheRun() throws Exception {
        try (Socket notListening = new Socket()) {
            notListening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            InetSocketAddress address = (InetSocketAddress) notListening.getLocalSocketAddress();
            assertThatThrownBy(() -> load(new LoadPlan(100, 64, 1, FOR_EVER, FOR_EVER), address))
                    .isInstanceOf(RunFailedException.class)
                    .hasMessage(
                            "cannot connect to 127.0.0.1:" + address.getPort()
                                    + ": connection refused (ECONNREFUSED); is the server running, and are --host and --port right?");
        }
    }

    private LoadResult againstTheEchoServer(LoadPlan plan) throws Exception {
        try (LoopThread thread = LoopThread.start("test-server", transport)) {
            EchoServer server = thread.call(() -> Coroutine.of(new EchoServer(Addresses.LOOPBACK, 1024)));
            LoadResult result = load(plan, server.address());
            thread.execute(server::stop);
            thread.call(server::closed);
            assertThat(server.connections()).isEqualTo(plan.connections());
            assertThat(server.bytes()).isEqualTo(result.verifiedBytes());
            return result;
        }
    }

    /** One connection with messages of 64 bytes, until the fault ends it. */
    private LoadResult against(int depth, UnaryOperator<@Nullable ByteBuf> fault) throws Exception {
        try (LoopThread thread = LoopThread.start("test-server", transport)) {
            TcpServer server = thread.call(
                    () -> Coroutine.of(TcpServer.bind(Addresses.LOOPBACK).start(peer -> FaultyEcho.echo(peer, fault))));
            LoadResult result = load(new LoadPlan(1, 64, depth, FOR_EVER, FOR_EVER), server.address());
            thread.call(() -> {
                server.close();
                server.abortClients();
                return Coroutine.done();
            });
            return result;
        }
    }

    private LoadResult load(LoadPlan plan, InetSocketAddress server) throws Exception {
        LoopThread thread = LoopThread.start("test-load", transport);
        LoadRun run = thread.call(() -> Coroutine.of(new LoadRun(plan, server, LoadListener.NONE)));
        interrupt = () -> thread.execute(run::interrupt);
        try (thread) {
            return thread.call(run::run);
        } finally {
            assertThat(run.pattern().isAlive())
                    .as("a slice of the pattern was not released")
                    .isFalse();
        }
    }

    /** Does nothing to the first bytes, then {@code fault} once, then nothing again. */
    private static UnaryOperator<@Nullable ByteBuf> once(int after, UnaryOperator<@Nullable ByteBuf> fault) {
        int[] seen = {0};
        return data -> {
            int before = seen[0];
            seen[0] += data.readableBytes();
            return before <= after && seen[0] > after ? fault.apply(data) : data;
        };
    }
}
