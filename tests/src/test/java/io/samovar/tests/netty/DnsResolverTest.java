package io.samovar.tests.netty;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.samovar.Coroutine;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NettyLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** Netty's DNS resolver and a DNS server, both on the loop. */
@Timeout(60)
class DnsResolverTest {
    private final List<String> asked = new ArrayList<>();

    @TransportTest
    void namesAreResolvedOnTheLoop(TransportProvider provider) {
        Hosting.run(provider, () -> {
            NettyLoop netty = NettyLoop.current();
            ChannelFuture server = nameServer(netty);
            await(server);
            try (DnsNameResolver resolver =
                    resolver(netty, (InetSocketAddress) server.channel().localAddress())) {
                InetAddress kettle = await(resolver.resolve("kettle.example"));
                assertThat(kettle).hasToString("kettle.example/10.11.12.13");
                assertThat(await(resolver.resolve("kettle.example"))).isEqualTo(kettle);
                assertThat(asked).containsExactly("kettle.example."); // once: the answer is kept
                Throwable failure = null;
                try {
                    await(resolver.resolve("teapot.example"));
                } catch (Exception unknown) {
                    failure = unknown;
                }
                assertThat(failure).isInstanceOf(UnknownHostException.class).hasMessageContaining("teapot.example");
            }
            await(server.channel().close());
            return Coroutine.done();
        });
    }

    private static DnsNameResolver resolver(NettyLoop netty, InetSocketAddress server) {
        return new DnsNameResolverBuilder(netty.eventLoop())
                .datagramChannelType(netty.datagramChannel())
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(server))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                .searchDomains(List.of())
                .build();
    }

    private ChannelFuture nameServer(NettyLoop netty) {
        return new Bootstrap()
                .group(netty.eventLoop())
                .channel(netty.datagramChannel())
                .handler(new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                })
                .bind(Hosting.ANY_PORT);
    }

    /** Knows the kettle, and nothing else. */
    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            asked.add(question.name());
            boolean known = question.name().equals("kettle.example.");
            DatagramDnsResponse response = new DatagramDnsResponse(
                    /* sender= */ query.recipient(),
                    /* recipient= */ query.sender(),
                    query.id(),
                    query.opCode(),
                    known ? DnsResponseCode.NOERROR : DnsResponseCode.NXDOMAIN);
            response.addRecord(DnsSection.QUESTION, question);
            if (known) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(
                                question.name(), DnsRecordType.A, 60, Unpooled.wrappedBuffer(new byte[] {10, 11, 12, 13
                                })));
            }
            Object unused = context.writeAndFlush(response);
        }
    }
}
