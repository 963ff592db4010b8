package io.samovar.tests.netty;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.tests.support.Coroutines;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/** Runs tests of what lives on a loop beside coroutines. */
final class Hosting {
    /** Any port of this machine. */
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Hosting() {}

    /** Runs a test on a loop of its own. */
    static void run(TransportProvider provider, Callable<Coroutine<Void>> test) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            loop.runUntilComplete(Coroutines.coroutine(test));
        }
    }
}
