package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a {@link TcpConnector} was told, and the way from there to a stream: names, addresses, attempts. */
record ConnectPlan(
        List<InetSocketAddress> remotes,
        @Nullable InetSocketAddress local,
        @Nullable Duration timeLimit,
        @Nullable Duration attemptDelay,
        Resolver resolver,
        TcpOptions options) {

    Coroutine<TcpStream> connect() {
        return timeLimit == null ? connect(new ArrayList<>(0)) : connectWithin(timeLimit);
    }

    private Coroutine<TcpStream> connectWithin(Duration limit) {
        List<NetworkException> failures = new ArrayList<>(0);
        try {
            return Coroutine.of(await(Async.timeout(limit, connect(failures))));
        } catch (AsyncTimeoutException late) {
            AsyncTimeoutException told =
                    new AsyncTimeoutException("connect to " + target() + " took longer than " + limit, late);
            failures.forEach(told::addSuppressed);
            throw told;
        }
    }

    /** @param failures gets those of the way; they are told of even when the time is over */
    private Coroutine<TcpStream> connect(List<NetworkException> failures) {
        List<InetSocketAddress> addresses = remotes;
        if (remotes.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            addresses = await(Names.addresses(remotes, resolver, failures));
        }
        LocalAddresses from = LocalAddresses.ANY;
        if (local != null) {
            from = new LocalAddresses(await(Names.addresses(local, resolver)));
            addresses = from.reachable(addresses);
        }
        Duration delay = from.haveFixedPort() ? null : attemptDelay;
        if (delay != null) {
            addresses = Families.takingTurns(addresses);
        }
        EventLoop loop = EventLoop.current();
        Connecting connecting = new Connecting(loop, addresses, from, delay, options);
        try {
            StreamSocket connected = await(connecting);
            if (connected != null) {
                return Coroutine.of(new TcpStream(loop, connected, options, null));
            }
        } catch (Throwable failure) {
            connecting.close();
            throw failure;
        } finally {
            failures.addAll(connecting.failures());
        }
        throw ConnectFailedException.of(failures);
    }

    /** For messages. */
    private String target() {
        return remotes.stream()
                .map(remote -> remote.isUnresolved()
                        ? HostName.printable(remote.getHostString()) + ':' + remote.getPort()
                        : remote.toString())
                .collect(Collectors.joining(", "));
    }
}
