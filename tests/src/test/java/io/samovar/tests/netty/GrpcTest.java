package io.samovar.tests.netty;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NettyLoop;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A gRPC server and its client, both on the loop, with coroutines on either side. */
@Timeout(60)
class GrpcTest {
    private static final MethodDescriptor<String, String> BREW = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("Kettle/Brew")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private final Set<Thread> threads = new HashSet<>();

    @TransportTest
    void serverAndClientRunOnTheLoop(TransportProvider provider) {
        Hosting.run(provider, () -> {
            NettyLoop netty = NettyLoop.current();
            Server server = NettyServerBuilder.forAddress(Hosting.ANY_PORT)
                    .bossEventLoopGroup(netty.eventLoop())
                    .workerEventLoopGroup(netty.eventLoop())
                    .channelType(netty.serverSocketChannel())
                    .directExecutor()
                    .addService(ServerServiceDefinition.builder("Kettle")
                            .addMethod(BREW, ServerCalls.asyncUnaryCall(this::serve))
                            .build())
                    .build();
            await(Async.toThread(server::start)); // it waits for the loop
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            (InetSocketAddress) server.getListenSockets().get(0))
                    .eventLoopGroup(netty.eventLoop())
                    .channelType(netty.socketChannel())
                    .usePlaintext()
                    .directExecutor()
                    .build();
            for (int i = 0; i < 5; i++) {
                assertThat(await(call(channel, "tea"))).isEqualTo("tea, brewed");
            }
            Throwable failure = null;
            try {
                await(call(channel, "coffee"));
            } catch (StatusRuntimeException refused) {
                failure = refused;
            }
            assertThat(failure).hasMessage("UNIMPLEMENTED: this is a kettle");
            assertThat(threads).containsExactly(Thread.currentThread());
            channel.shutdown();
            server.shutdown();
            await(Async.toThread(() ->
                    channel.awaitTermination(20, TimeUnit.SECONDS) && server.awaitTermination(20, TimeUnit.SECONDS)));
            assertThat(server.isTerminated()).isTrue();
            return Coroutine.done();
        });
    }

    /** Called by gRPC: the answer is a coroutine's. */
    private void serve(String leaves, StreamObserver<String> answer) {
        threads.add(Thread.currentThread());
        Task<String> brewing = Async.createTask(brew(leaves));
        brewing.addDoneCallback(task -> {
            Throwable failure = brewing.exception();
            if (failure == null) {
                answer.onNext(brewing.result());
                answer.onCompleted();
            } else {
                answer.onError(failure);
            }
        });
    }

    private static Coroutine<String> brew(String leaves) {
        await(Async.sleep(Duration.ofMillis(1)));
        if (!leaves.equals("tea")) {
            throw Status.UNIMPLEMENTED.withDescription("this is a kettle").asRuntimeException();
        }
        return Coroutine.of(leaves + ", brewed");
    }

    private Promise<String> call(ManagedChannel channel, String leaves) {
        Promise<String> promise = EventLoop.current().createFuture();
        ClientCalls.asyncUnaryCall(channel.newCall(BREW, CallOptions.DEFAULT), leaves, new StreamObserver<>() {
            @Override
            public void onNext(String answer) {
                threads.add(Thread.currentThread());
                promise.setResult(answer);
            }

            @Override
            public void onError(Throwable failure) {
                promise.setException(failure);
            }

            @Override
            public void onCompleted() {}
        });
        return promise;
    }

    /** Texts, so that no protocol compiler is needed. */
    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
