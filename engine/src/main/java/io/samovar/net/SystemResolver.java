package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;

/** Asks as the JDK does. */
final class SystemResolver implements Resolver {
    private final ThreadPoolExecutor threads = ResolverThreads.open();
    private final Resolver addresses = new BlockingResolver(host -> List.of(InetAddress.getAllByName(host)), threads);
    private final SharedLookups<InetAddress, String> names = new SharedLookups<>(SystemResolver::nameOf, threads);

    @Override
    public Coroutine<List<InetAddress>> resolve(String host) {
        return addresses.resolve(host);
    }

    @Override
    public Coroutine<String> hostName(InetAddress address) {
        String name = await(names.ask(address));
        return Coroutine.of(name.isEmpty() ? address.getHostAddress() : name);
    }

    /** The name, empty if there is none. Asks with a fresh object, for one that has a name gives that without looking it up. */
    private static String nameOf(InetAddress address) throws UnknownHostException {
        InetAddress nameless = InetAddress.getByAddress(address.getAddress());
        String name = nameless.getHostName();
        return name.equals(nameless.getHostAddress()) ? "" : name;
    }

    @Override
    public String toString() {
        return "Resolver.system()";
    }
}
