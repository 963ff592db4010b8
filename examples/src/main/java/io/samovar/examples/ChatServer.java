package io.samovar.examples;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.TaskGroup;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.sync.Queue;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/** A chat room: what one guest says, all the others hear. Talk to it with {@code nc localhost 7000}. */
public final class ChatServer {
    /** Lines that a guest may be behind; one who hears more slowly is shown out. */
    private static final int PATIENCE = 1_000;

    /** The mail of each guest. */
    private final Set<Queue<String>> room = new LinkedHashSet<>();

    public static void main(String[] args) {
        int port = args.length == 0 ? 7000 : Integer.parseInt(args[0]);
        ChatServer chat = new ChatServer();
        Async.run(() -> TcpServer.serve(new InetSocketAddress(port), chat::guest));
    }

    public Coroutine<Void> guest(TcpStream peer) {
        Queue<String> mail = new Queue<>(PATIENCE);
        room.add(mail);
        try {
            await(TaskGroup.run(group -> {
                group.start(deliver(mail, peer));
                for (String line; (line = await(peer.readLine())) != null; ) {
                    say(mail, line);
                }
                group.cancel();
                return Coroutine.done();
            }));
        } finally {
            room.remove(mail);
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> deliver(Queue<String> mail, TcpStream peer) {
        while (!mail.isFull()) {
            await(peer.write(await(mail.get()) + "\n"));
        }
        peer.abort(); // its reader gets the end of the stream, and leaves
        return Coroutine.done();
    }

    private void say(Queue<String> speaker, String line) {
        for (Queue<String> mail : room) {
            if (mail != speaker && !mail.isFull()) {
                mail.putNowait(line);
            }
        }
    }
}
