package io.samovar.samples;

import io.samovar.Async;
import io.samovar.tests.kqueue.KqueueShim;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Runs the server that stops well in a process of its own, which can be signalled. */
final class StoppingServer {
    private StoppingServer() {}

    public static void main(String[] args) {
        KqueueShim.installIfRequested();
        System.setProperty("samovar.transport", args[0]);
        System.out.println(ProcessHandle.current().pid());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Async.run(() -> Servers.serveUntilTold(address));
        System.out.println("stopped");
    }
}
