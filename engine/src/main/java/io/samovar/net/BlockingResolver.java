package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;

/** Makes blocking look-ups on threads of its own. */
final class BlockingResolver implements Resolver {
    private final SharedLookups<String, List<InetAddress>> lookups;

    BlockingResolver(BlockingLookup lookup, ThreadPoolExecutor threads) {
        lookups = new SharedLookups<>(lookup::lookUp, threads);
    }

    @Override
    public Coroutine<List<InetAddress>> resolve(String host) {
        HostName name = HostName.parse(host);
        InetAddress address = name.address();
        if (address != null) {
            return Coroutine.of(List.of(address));
        }
        List<InetAddress> found;
        try {
            found = await(lookups.ask(name.ascii()));
        } catch (Throwable failure) {
            throw HostNotFoundException.translate(host, failure);
        }
        return Coroutine.of(name.atLeastOne(found));
    }
}
