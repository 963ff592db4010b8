package io.samovar.tests.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.TcpStream;
import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.tests.support.Script;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Many connections to an echo server, all open at once: each sends a message as soon as it stands, and another one when all
 * stand.
 */
final class EchoClients {
    private static final int MESSAGE = 64;

    /** Connections that are being made at once; fewer than any backlog. */
    private static final int CONNECTING = 200;

    private final InetSocketAddress server;
    private final int count;
    private final List<TcpStream> open = new ArrayList<>();
    private int serial;
    private int echoed;

    private EchoClients(InetSocketAddress server, int count) {
        this.server = server;
        this.count = count;
    }

    /** Prints how many messages came back as they were sent. */
    public static void main(String[] args) {
        KqueueShim.installIfRequested();
        TransportProvider provider = Transports.select(args[0]);
        System.out.println(run(provider, Net.loopback(Integer.parseInt(args[1])), Integer.parseInt(args[2])));
    }

    /** Runs on a loop of its own, in the calling thread; gives how many messages came back as they were sent. */
    static int run(TransportProvider provider, InetSocketAddress server, int count) {
        EchoClients clients = new EchoClients(server, count);
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            loop.runUntilComplete(clients.all().andFinally(() -> clients.open.forEach(TcpStream::abort)));
        }
        return clients.echoed;
    }

    private Script<Void> all() {
        return inParallel(Math.min(count, CONNECTING), this::openSome)
                .then(allOpen -> inParallel(count, i -> exchange(open.get(i))));
    }

    private Script<Void> openSome(int worker) {
        int share = count / CONNECTING + (worker < count % CONNECTING ? 1 : 0);
        return Script.repeat(
                share,
                i -> Script.of(() -> TcpStream.connect(server)).then(stream -> {
                    open.add(stream);
                    return exchange(stream);
                }));
    }

    private Script<Void> exchange(TcpStream stream) {
        byte[] message = message(serial++);
        ByteBuf got = Bytes.heapRoom(MESSAGE);
        return Script.of(() -> stream.write(Bytes.direct(message)))
                .then(written -> Script.forEach(
                        () -> got.isWritable() ? stream.read(got) : Coroutine.<Integer>of(null), EchoClients::checkEnd))
                .<Void>map(all -> {
                    if (Arrays.equals(ByteBufUtil.getBytes(got), message)) {
                        echoed++;
                    }
                    return null;
                })
                .andFinally(got::release);
    }

    private static Coroutine<Void> checkEnd(int bytes) throws EOFException {
        if (bytes < 0) {
            throw new EOFException("the server closed the connection");
        }
        return Coroutine.done();
    }

    /** No two look alike. */
    private static byte[] message(int serial) {
        ByteBuffer message = ByteBuffer.allocate(MESSAGE);
        while (message.hasRemaining()) {
            message.putInt(serial).putInt(message.position());
        }
        return message.array();
    }

    private static Script<Void> inParallel(int times, IntFunction<Script<Void>> action) {
        return Script.of(() -> {
            List<Task<Void>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(Async.createTask(action.apply(i)));
            }
            Iterator<Task<Void>> tasks = all.iterator();
            return Script.forEach(() -> Script.giving(() -> tasks.hasNext() ? tasks.next() : null), task -> task);
        });
    }
}
