package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.examples.ChatServer;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChatServerTest {
    private final ChatServer chat = new ChatServer();

    /**
     * A guest whom the others hear. The first one says nothing: nobody could tell when it was said, and the next guest might hear it.
     */
    private static Coroutine<TcpStream> guest(TcpServer server, TcpStream... others) {
        TcpStream guest = await(TcpStream.connect(server.address()));
        if (others.length > 0) {
            await(guest.write("hello\n"));
        }
        for (TcpStream other : others) {
            assertThat(await(other.readLine())).isEqualTo("hello");
        }
        return Coroutine.of(guest);
    }

    @TransportTest
    void whatOneSaysTheOthersHear(TransportProvider provider) {
        Site.run(provider, chat::guest, server -> {
            try (TcpStream ann = await(guest(server));
                    TcpStream bob = await(guest(server, ann));
                    TcpStream cleo = await(guest(server, ann, bob))) {
                await(bob.write("tea?\nor coffee?\n"));
                for (TcpStream other : new TcpStream[] {ann, cleo}) {
                    assertThat(await(other.readLine())).isEqualTo("tea?");
                    assertThat(await(other.readLine())).isEqualTo("or coffee?");
                }
                await(cleo.write("tea!\n"));
                assertThat(await(ann.readLine())).isEqualTo("tea!");
                assertThat(await(bob.readLine())).isEqualTo("tea!"); // and nothing of its own before
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void whoLeavesIsMissedByNobody(TransportProvider provider) {
        Site.run(provider, chat::guest, server -> {
            TcpStream bob = await(guest(server));
            try (TcpStream ann = await(guest(server, bob));
                    TcpStream cleo = await(guest(server, ann, bob))) {
                bob.close();
                await(ann.write("still here\n"));
                assertThat(await(cleo.readLine())).isEqualTo("still here");
                cleo.shutdownOutput();
                assertThat(await(cleo.readLine())).isNull();
            }
            return Coroutine.done();
        });
    }
}
