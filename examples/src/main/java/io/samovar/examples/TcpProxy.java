package io.samovar.examples;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.ExceptionGroup;
import io.samovar.TaskGroup;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;

/**
 * Passes each connection on to another server: the end of either direction on its own, a slow reader's slowness to the one who
 * writes, and a reset of one side to the other.
 */
public final class TcpProxy {
    private final InetSocketAddress target;

    public TcpProxy(InetSocketAddress target) {
        this.target = target;
    }

    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println("usage: TcpProxy PORT TARGET-HOST TARGET-PORT");
            System.exit(2);
        }
        TcpProxy proxy = new TcpProxy(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
        Async.run(() -> TcpServer.serve(new InetSocketAddress(Integer.parseInt(args[0])), proxy::pass));
    }

    /** One client, as long as it and its server have something to say. */
    public Coroutine<Void> pass(TcpStream client) {
        TcpStream server;
        try {
            server = await(TcpStream.connect(target));
        } catch (NetworkException unreachable) {
            client.abort();
            throw unreachable;
        }
        try {
            await(TaskGroup.run(group -> {
                group.start(pump(client, server));
                group.start(pump(server, client));
                return Coroutine.done();
            }));
        } catch (ExceptionGroup lost) { // one direction has failed, and the group has cancelled the other
            client.abort();
            server.abort();
        } finally {
            server.close();
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> pump(TcpStream from, TcpStream to) {
        for (ByteBuf data; (data = await(from.read())) != null; ) {
            await(to.write(data)); // waits while the receiver is slow, and then nothing is read
        }
        to.shutdownOutput();
        return Coroutine.done();
    }
}
