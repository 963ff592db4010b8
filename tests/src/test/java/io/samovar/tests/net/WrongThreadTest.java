package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.NotLoopThreadException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** A stream and a server belong to the thread of their loop, and say so. */
@Timeout(60)
class WrongThreadTest {
    /** What any thread may call. */
    private static final Set<String> FREE =
            Set.of("toString", "address", "addresses", "isServing", "isDraining", "alloc", "server");

    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(byte[].class, new byte[] {1}),
            Map.entry(byte[][].class, new byte[][] {{'\n'}}),
            Map.entry(ByteBuffer.class, ByteBuffer.allocate(1)),
            Map.entry(CharSequence.class, "kettle"),
            Map.entry(String.class, "localhost"),
            Map.entry(Charset.class, StandardCharsets.UTF_8),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(TlsClient.class, Tls.client()),
            Map.entry(SocketOption.class, StandardSocketOptions.TCP_NODELAY),
            Map.entry(Object.class, true));

    @TransportTest
    void everyMethodOfAStreamIsRefusedOnAnotherThread(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            List<Method> methods = methodsOf(TcpStream.class);
            assertThat(methods).extracting(Method::getName).contains("read", "write", "close", "pendingBytes");
            methods.forEach(method -> assertRefused(provider, stream, method));
            stream.close();
        }
    }

    @TransportTest
    void everyMethodOfAServerIsRefusedOnAnotherThread(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            List<Method> methods = methodsOf(TcpServer.class);
            assertThat(methods).extracting(Method::getName).contains("close", "connections", "waitClosed");
            methods.forEach(method -> assertRefused(provider, server, method));
            server.close();
        }
    }

    @TransportTest
    void anyThreadMayAskForAServersAddressAndPrintBoth(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            TcpStream stream = net.line().stream();
            CompletableFuture<String> other =
                    CompletableFuture.supplyAsync(() -> server + " " + stream + " " + server.address());
            assertThat(other.get()).isEqualTo(server + " " + stream + " " + server.address());
            stream.close();
            server.close();
        }
    }

    @TransportTest
    void aReadAwaitedOnAnotherLoopFails(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            Awaitable<ByteBuf> read = stream.read();
            assertRefused(() -> onALoopOfItsOwn(provider, read));
            stream.close();
        }
    }

    @TransportTest
    void aWriteThatWaitsIsNotAwaitedOnAnotherLoop(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.narrowLine(TcpOptions.DEFAULT).stream();
            Awaitable<Void> write = stream.write(Bytes.direct(new byte[2_000_000]));
            assertRefused(() -> onALoopOfItsOwn(provider, write));
            stream.abort();
        }
    }

    private static void onALoopOfItsOwn(TransportProvider provider, Awaitable<?> awaitable) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            Object unused = loop.runUntilComplete(awaitable);
        }
    }

    private static List<Method> methodsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !FREE.contains(method.getName()))
                .toList();
    }

    private static void assertRefused(TransportProvider provider, Object on, Method method) {
        ByteBuf bytes = Bytes.room(8).writeZero(1);
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, bytes))
                .toArray();
        assertRefused(() -> {
            Object made = method.invoke(on, arguments);
            if (made instanceof Coroutine<?> coroutine) { // nothing of it has run yet
                onALoopOfItsOwn(provider, coroutine);
            }
        });
        boolean taken =
                method.getName().equals("write") && (arguments[0] == bytes || arguments[0] instanceof ByteBuf[]);
        assertThat(bytes.refCnt()).as("%s: whose the buffer is", method).isEqualTo(taken ? 0 : 1);
        if (!taken) {
            bytes.release();
        }
    }

    private static @Nullable Object argument(Class<?> type, ByteBuf bytes) {
        return type == ByteBuf[].class
                ? new ByteBuf[] {bytes}
                : ARGUMENTS.getOrDefault(type, type == ByteBuf.class ? bytes : null);
    }

    private static void assertRefused(ThrowingCallable call) {
        String here = Thread.currentThread().getName();
        assertThatThrownBy(() -> elsewhere(call))
                .isInstanceOf(NotLoopThreadException.class)
                .hasMessage("this belongs to the loop of thread " + here + " and was used from thread elsewhere:"
                        + " go through loop.execute(...) or loop.submit(...)");
    }

    private static void elsewhere(ThrowingCallable call) throws Throwable {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        call.call();
                        done.complete(null);
                    } catch (InvocationTargetException refused) {
                        done.completeExceptionally(refused.getCause());
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                },
                "elsewhere");
        thread.start();
        thread.join();
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
