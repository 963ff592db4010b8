package io.samovar.tests.net;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Asks the system's resolver, and prints what it says behind a mark that no log has. */
final class NamesMain {
    private NamesMain() {}

    public static void main(String[] args) {
        Async.run(() -> {
            say(await(Resolver.system().resolve("kettle")));
            say(await(Resolver.system().hostName(address(198, 51, 100, 7))));
            say(await(Resolver.system().hostName(address(198, 51, 100, 8))));
            say(await(Resolver.system().hostName(Inet6Address.getByAddress(null, new byte[16], 7))));
            for (int i = 0; i < 2; i++) {
                try {
                    say(await(Resolver.system().resolve("nobody")));
                } catch (HostNotFoundException notFound) {
                    say(notFound.getMessage() + ' ' + notFound.mayBeTemporary());
                }
            }
            return Coroutine.done();
        });
    }

    private static void say(Object said) {
        System.out.println("> " + said);
    }

    private static InetAddress address(int... bytes) throws UnknownHostException {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress("not the name", address);
    }
}
