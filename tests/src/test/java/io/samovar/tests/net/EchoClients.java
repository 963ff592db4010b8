package io.samovar.tests.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.TcpStream;
import io.samovar.tests.kqueue.KqueueShim;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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
            loop.runUntilComplete(clients.all());
        }
        return clients.echoed;
    }

    private Coroutine<Void> all() {
        try {
            await(inParallel(Math.min(count, CONNECTING), this::openSome));
            await(inParallel(count, i -> exchange(open.get(i))));
        } finally {
            open.forEach(TcpStream::abort);
        }
        return Coroutine.done();
    }

    private Coroutine<Void> openSome(int worker) {
        int share = count / CONNECTING + (worker < count % CONNECTING ? 1 : 0);
        for (int i = 0; i < share; i++) {
            TcpStream stream = await(TcpStream.connect(server));
            open.add(stream);
            await(exchange(stream));
        }
        return Coroutine.done();
    }

    private Coroutine<Void> exchange(TcpStream stream) {
        byte[] message = message(serial++);
        ByteBuf got = Bytes.heapRoom(MESSAGE);
        try {
            await(stream.write(Bytes.direct(message)));
            while (got.isWritable()) {
                if (await(stream.read(got)) < 0) {
                    throw new IllegalStateException("the server closed the connection");
                }
            }
            if (Arrays.equals(ByteBufUtil.getBytes(got), message)) {
                echoed++;
            }
        } finally {
            got.release();
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

    private static Coroutine<Void> inParallel(int times, IntFunction<Coroutine<Void>> action) {
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            tasks.add(Async.createTask(action.apply(i)));
        }
        for (Task<Void> task : tasks) {
            await(task);
        }
        return Coroutine.done();
    }
}
