package io.samovar.benchmarks.servers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/** Vert.x on one event loop and its native transport, with back-pressure. */
public final class VertxEcho {
    private VertxEcho() {}

    /** Takes nothing. */
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            System.err.println("no native transport: " + vertx.unavailableNativeTransportCause());
            System.exit(1);
        }
        vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(4096))
                .connectHandler(VertxEcho::echo)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> System.out.println("listening on 127.0.0.1:" + server.actualPort()))
                .onFailure(failure -> {
                    System.err.println("cannot listen: " + failure);
                    System.exit(1);
                });
    }

    private static void echo(NetSocket socket) {
        socket.exceptionHandler(lost -> socket.close());
        socket.drainHandler(taken -> socket.resume());
        socket.handler(bytes -> {
            socket.write(bytes);
            if (socket.writeQueueFull()) {
                socket.pause();
            }
        });
    }
}
