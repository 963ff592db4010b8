package io.samovar.net;

import io.samovar.Coroutine;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * Finds the addresses of hosts. asyncio: {@code loop.getaddrinfo} and {@code getnameinfo}.
 *
 * <pre>{@code
 * List<InetAddress> addresses = await(Resolver.system().resolve("example.org"));
 *
 * // Netty's resolver, or any other that gives a future:
 * TcpStream peer = await(TcpStream.connector("example.org", 443)
 *         .resolver(host -> Coroutine.of(await(netty.resolveAll(host))))
 *         .connect());
 * }</pre>
 *
 * <p>A resolver serves any number of loops, so its methods are called on different threads; what a coroutine does happens on
 * the loop that awaits it.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * The addresses of a host, the preferred one first.
     *
     * <p>{@link TcpConnector} asks only for names: it knows addresses such as {@code 127.0.0.1} and {@code fe80::1%2} itself, has
     * refused what cannot be a name, and has put a name with other letters than ASCII's into its ASCII form (IDNA). It treats
     * an empty list as {@link HostNotFoundException}, and a checked exception such as {@link java.net.UnknownHostException} too.
     *
     * @param host as in {@code example.org}
     * @return gives the addresses, or fails with {@link HostNotFoundException}. When its await is cancelled, nobody wants the
     *     answer any more
     */
    Coroutine<List<InetAddress>> resolve(String host);

    /**
     * The name of a host, or its address as a text if it has no name. The {@linkplain #system() system} is asked unless a
     * resolver does it in another way.
     *
     * @param address only the address counts: a name that the object knows is not looked at
     */
    default Coroutine<String> hostName(InetAddress address) {
        return system().hostName(address);
    }

    /**
     * The system's own way, {@link InetAddress#getAllByName}, with its {@code hosts} file and all, on {@linkplain #blocking
     * threads of its own}.
     *
     * <p>The JDK remembers answers for 30 seconds and failures for 10, and puts IPv4 addresses first unless {@code
     * -Djava.net.preferIPv6Addresses=system} leaves the system's order.
     */
    static Resolver system() {
        return Resolvers.SYSTEM;
    }

    /**
     * A resolver over blocking look-ups, made on daemon threads of its own ({@code samovar-resolver-N}, 16 at most, which end
     * when they are idle). So look-ups that hang hold up no {@link io.samovar.Async#toThread}, nor the other way round.
     *
     * <p>Look-ups of one name that are wanted at the same time are made once. A look-up that nobody awaits any more is not made
     * if it has not begun; else it goes on, and its answer is dropped. Addresses and what cannot be a name never get to a thread.
     */
    static Resolver blocking(BlockingLookup lookup) {
        return new BlockingResolver(lookup, ResolverThreads.open());
    }

    /** What connections use that name no resolver of their own; {@link #system()} unless it was set. Any thread may ask. */
    static Resolver getDefault() {
        return Resolvers.standard;
    }

    /** Has the whole process use this resolver where none is named. Any thread may call this. */
    static void setDefault(Resolver resolver) {
        Resolvers.standard = Objects.requireNonNull(resolver, "resolver");
    }

    /** A look-up that blocks the thread that makes it. */
    @FunctionalInterface
    interface BlockingLookup {
        /**
         * The addresses of a host, the preferred one first. Called on several threads at once.
         *
         * @throws Exception {@link java.net.UnknownHostException} if there is no such host; it and any other checked exception
         *     get to the program as {@link HostNotFoundException}
         */
        List<InetAddress> lookUp(String host) throws Exception;
    }
}
