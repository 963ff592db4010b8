package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Nobody starves: not behind a stream that is always ready, and not in a storm of connections. */
@Timeout(60)
class FairnessTest {
    /** I/O awaits of one task in one turn, at the most. */
    private static final int BUDGET = 128;

    private static final int MESSAGE = 16;
    private static final int MESSAGES = 3_000;

    @TransportTest
    void aTaskThatEchoesFromAnAlwaysReadyStreamDoesNotStarveAnother(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            int[] echoed = {0};
            line.peer().send(Bytes.pattern(MESSAGES * MESSAGE));
            ByteBuf into = Bytes.room(MESSAGE);
            Task<Void> busy = net.loop().createTask(coroutine(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    await(line.stream().read(into.clear()));
                    echoed[0]++;
                    await(line.stream().write(into.copy()));
                }
                return Coroutine.done();
            }));
            assertThat(largestStep(net, busy::isDone, () -> echoed[0])).isBetween(1, BUDGET / 2);
            assertThat(net.run(line.peer().read(MESSAGES * MESSAGE))).isEqualTo(Bytes.pattern(MESSAGES * MESSAGE));
            into.release();
            line.stream().close();
        }
    }

    @TransportTest
    void aTaskThatWritesToAPeerThatTakesEverythingDoesNotStarveAnother(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            int[] written = {0};
            Task<Void> busy = net.loop().createTask(coroutine(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    written[0]++;
                    await(line.stream().write(Bytes.direct(new byte[MESSAGE])));
                }
                return Coroutine.done();
            }));
            assertThat(largestStep(net, busy::isDone, () -> written[0])).isBetween(1, BUDGET + 1);
            line.stream().close();
        }
    }

    @TransportTest
    void aTaskThatStandsAsideForTheOthersCanBeCancelledAndLosesNoByte(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] sent = Bytes.pattern(1_000);
            line.peer().send(sent);
            ByteBuf into = Bytes.heapRoom(1_000);
            Task<Void> busy = net.loop().createTask(readOneByOne(1_000, line.stream(), into));
            net.turn();
            assertThat(into.readableBytes()).as("its budget for one turn").isEqualTo(BUDGET);
            busy.cancel();
            assertThatThrownBy(() -> net.run(busy)).isInstanceOf(CancelledError.class);
            net.run(readOneByOne(1_000 - BUDGET, line.stream(), into));
            assertThat(ByteBufUtil.getBytes(into)).isEqualTo(sent);
            into.release();
            line.stream().close();
        }
    }

    @TransportTest
    void aStormOfConnectionsIsAcceptedAFewAtATime(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int connections = 500;
            int budget = 64; // the default
            TcpServer server = net.serve(ServerTest::echo);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                peers.add(net.connectTo(server)); // the loop does not run, so they all wait in the backlog
            }
            int largest = largestStep(net, () -> server.connections() == connections, server::connections);
            assertThat(largest).as("accepted in one turn").isBetween(1, budget);
            peers.forEach(Peer::close);
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void theAcceptBudgetIsTheServers(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(TcpServer.bind(Net.loopback(0)).acceptBudget(3), ServerTest::echo);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                peers.add(net.connectTo(server));
            }
            assertThat(largestStep(net, () -> server.connections() == 20, server::connections))
                    .isEqualTo(3);
            peers.forEach(Peer::close);
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void aReaderDoesNotWaitWhileManyConnectionsAreBeingMade(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                DeafListener listener = new DeafListener()) {
            Net.Line line = net.line();
            Task<ByteBuf> reading = net.start(line.stream()::read);
            List<Task<TcpStream>> connecting = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) { // more than kqueue takes in one call
                connecting.add(net.loop().createTask(TcpStream.connect(listener.address())));
            }
            net.turn();
            line.peer().send("x");
            assertThat(Bytes.text(net.run(reading))).isEqualTo("x");
            connecting.forEach(Task::cancel);
            net.until(() -> net.loop().allTasks().isEmpty());
            line.stream().close();
        }
    }

    private static Coroutine<Void> readOneByOne(int bytes, TcpStream stream, ByteBuf into) {
        for (int i = 0; i < bytes; i++) {
            ByteBuf one = into.slice(into.writerIndex(), 1).clear();
            int got = await(stream.read(one));
            into.writerIndex(into.writerIndex() + got);
        }
        return Coroutine.done();
    }

    /** By how much the counter grows between two turns of another task, at the most, until the end. */
    private static int largestStep(Net net, BooleanSupplier end, IntSupplier counter) {
        return net.run(coroutine(() -> {
            int largest = 0;
            int last = counter.getAsInt();
            while (!end.getAsBoolean()) {
                int now = counter.getAsInt();
                largest = Math.max(largest, now - last);
                last = now;
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.of(largest);
        }));
    }
}
