package io.samovar.examples;

import static io.samovar.Async.await;

import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.samovar.Coroutine;
import io.samovar.transport.netty.NettyLoop;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Lettuce on a loop: its connections live on the thread of the coroutines that use it.
 *
 * <p>Lettuce would choose the kind of channel by itself, and threads for it; here both are the loop's. What must not be used on
 * the loop is whatever waits: {@code connect()}, {@code sync()}, {@code shutdown()}. Each has a sister that gives a future.
 */
final class LoopRedis extends RedisClient {
    private final NettyLoop netty;
    private final DnsAddressResolverGroup names;

    private LoopRedis(NettyLoop netty, DnsAddressResolverGroup names) {
        super(
                ClientResources.builder()
                        .eventLoopGroupProvider(new LoopProvider(netty.eventLoop()))
                        .eventExecutorGroup(netty.eventLoop())
                        .addressResolverGroup(names)
                        .build(),
                new RedisURI());
        this.netty = netty;
        this.names = names;
    }

    /** A client on the loop that is running. */
    static LoopRedis open() {
        NettyLoop netty = NettyLoop.current();
        DnsAddressResolverGroup names = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(netty.datagramChannel())
                .nameServerProvider(DnsServerAddressStreamProviders.platformDefault()));
        return new LoopRedis(netty, names);
    }

    /** Closes the connections, and ends the threads that Lettuce has in spite of all: those of its clock. */
    Coroutine<Void> end() {
        await(shutdownAsync(0, 5, TimeUnit.SECONDS));
        names.close();
        await(getResources().shutdown(0, 5, TimeUnit.SECONDS));
        return Coroutine.done();
    }

    /** Lettuce has chosen a kind of channel, which need not be the one that goes with this loop. */
    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> address, ConnectionBuilder connection, ConnectionEvents events, RedisURI redis) {
        super.connectionBuilder(address, connection, events, redis);
        Bootstrap onLoop = new Bootstrap()
                .group(netty.eventLoop())
                .channel(netty.socketChannel())
                .resolver(names);
        connection.bootstrap().config().options().forEach((option, value) -> {
            if (option.name().indexOf('#') < 0) { // else it names the mechanism that it is for
                set(onLoop, option, value);
            }
        });
        connection.bootstrap(onLoop);
    }

    @SuppressWarnings("unchecked") // the value was set for this option
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }

    /** Says that the loop is what Lettuce asks for, whatever that is, and keeps it open. */
    private record LoopProvider(EventLoopGroup loop) implements EventLoopGroupProvider {
        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Lettuce hands it on as an EventLoopGroup
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) loop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }
}
