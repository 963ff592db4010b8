package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.net.TcpStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** As much of Redis as a client needs to say hello and to count. */
final class RedisServer {
    final Map<String, String> values = new HashMap<>();

    Coroutine<Void> serve(TcpStream peer) {
        for (List<String> command; (command = await(command(peer))) != null; ) {
            await(peer.write(answer(command)));
        }
        return Coroutine.done();
    }

    /** An array of texts, or {@code null} at the end. */
    private static Coroutine<List<String>> command(TcpStream peer) {
        String head = await(peer.readLine());
        if (head == null) {
            return Coroutine.of(null);
        }
        List<String> words = new ArrayList<>();
        int count = Integer.parseInt(head.substring(1));
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(await(peer.readLine()).substring(1));
            ByteBuf word = await(peer.readExactly(length + 2));
            words.add(word.toString(word.readerIndex(), length, UTF_8));
            word.release();
        }
        return Coroutine.of(words);
    }

    private String answer(List<String> command) {
        return switch (command.get(0).toUpperCase(Locale.ROOT)) {
            case "PING" -> "+PONG\r\n";
            case "CLIENT" -> "+OK\r\n";
            case "SET" -> {
                values.put(command.get(1), command.get(2));
                yield "+OK\r\n";
            }
            case "INCR" -> ":" + values.merge(command.get(1), "1", RedisServer::plus) + "\r\n";
            default -> "-ERR unknown command '" + command.get(0) + "'\r\n";
        };
    }

    private static String plus(String value, String one) {
        return String.valueOf(Long.parseLong(value) + Long.parseLong(one));
    }
}
