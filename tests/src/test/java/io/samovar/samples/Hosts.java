package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.net.TcpStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the guide to networking shows of host names. */
final class Hosts {
    private Hosts() {}

    // banner
    static Coroutine<@Nullable String> banner(String host, int port) {
        try (TcpStream peer = await(TcpStream.connect(host, port))) {
            return Coroutine.of(await(peer.readLine()));
        }
    }
    // end

    // connectPatiently
    static Coroutine<TcpStream> connectPatiently(String host, int port, Resolver resolver) {
        for (int tries = 1; ; tries++) {
            try {
                return Coroutine.of(await(TcpStream.connector(host, port)
                        .resolver(resolver)
                        .timeLimit(Duration.ofSeconds(3)) // for finding the host and connecting together
                        .connect()));
            } catch (HostNotFoundException notFound) {
                if (!notFound.mayBeTemporary() || tries == 3) {
                    throw notFound;
                }
            }
            await(Async.sleep(Duration.ofSeconds(tries)));
        }
    }
    // end

    // knowing
    static Resolver knowing(Map<String, List<InetAddress>> hosts) {
        return host -> {
            List<InetAddress> found = hosts.get(host);
            if (found == null) {
                throw new HostNotFoundException(host, "it is not on the list", false, new UnknownHostException(host));
            }
            return Coroutine.of(found);
        };
    }
    // end
}
