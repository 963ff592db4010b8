package io.samovar.tests.net;

import io.samovar.net.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Blocking look-ups that each wait until the test lets one go on, and what is known of them. */
final class FakeNames implements Resolver.BlockingLookup {
    /** Who has called, in this order. */
    final List<Thread> threads = new CopyOnWriteArrayList<>();

    final List<String> hosts = new CopyOnWriteArrayList<>();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayGoOn = new Semaphore(0);

    @Override
    public List<InetAddress> lookUp(String host) throws Exception {
        threads.add(Thread.currentThread());
        hosts.add(host);
        begun.release();
        if (!mayGoOn.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody has let the look-up of " + host + " go on");
        }
        if (host.endsWith(".invalid")) {
            throw new UnknownHostException(host + ": Name or service not known");
        }
        return List.of(InetAddress.getByName("198.51.100.7"), InetAddress.getByName("2001:db8::7"));
    }

    /** Blocks until so many more look-ups have begun. */
    void awaitBegun(int lookups) throws InterruptedException {
        if (!begun.tryAcquire(lookups, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("not all look-ups have begun, only those of " + hosts);
        }
    }

    /** Lets so many look-ups go on, those that wait or those that come. */
    void letGoOn(int lookups) {
        mayGoOn.release(lookups);
    }

    /** A latch that is waited for, with an end for a test that is wrong. */
    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody has opened the latch");
            }
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
