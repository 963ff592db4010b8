package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** From what a program has named to addresses. */
final class Names {
    private Names() {}

    /**
     * The addresses of one host, with its port.
     *
     * @param host one that is resolved is given back
     */
    static Coroutine<List<InetSocketAddress>> addresses(InetSocketAddress host, Resolver resolver) {
        if (!host.isUnresolved()) {
            return Coroutine.of(List.of(host));
        }
        HostName name = HostName.parse(host.getHostString());
        InetAddress address = name.address();
        if (address != null) {
            return Coroutine.of(List.of(new InetSocketAddress(address, host.getPort())));
        }
        List<InetAddress> found;
        try {
            found = await(resolver.resolve(name.ascii()));
        } catch (Throwable failure) {
            throw HostNotFoundException.translate(name.given(), failure);
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetAddress each : name.atLeastOne(found)) {
            addresses.add(new InetSocketAddress(each, host.getPort()));
        }
        return Coroutine.of(addresses);
    }

    /**
     * The addresses of several hosts, found at the same time, in the order of the hosts.
     *
     * @param failures gets those of hosts that are not found, as long as there are others
     */
    static Coroutine<List<InetSocketAddress>> addresses(
            List<InetSocketAddress> hosts, Resolver resolver, List<NetworkException> failures) {
        if (hosts.size() == 1) {
            return Coroutine.of(await(addresses(hosts.get(0), resolver)));
        }
        List<Coroutine<List<InetSocketAddress>>> lookups = new ArrayList<>();
        for (InetSocketAddress host : hosts) {
            lookups.add(addresses(host, resolver));
        }
        Set<InetSocketAddress> found = new LinkedHashSet<>();
        for (Outcome<List<InetSocketAddress>> outcome : await(Async.gatherOutcomes(lookups))) {
            if (outcome.failure() instanceof NetworkException failure) {
                failures.add(failure);
            } else {
                found.addAll(outcome.get());
            }
        }
        if (found.isEmpty()) {
            throw ConnectFailedException.of(failures);
        }
        return Coroutine.of(List.copyOf(found));
    }
}
