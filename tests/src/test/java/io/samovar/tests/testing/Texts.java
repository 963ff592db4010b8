package io.samovar.tests.testing;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.samovar.Coroutine;
import io.samovar.net.TcpStream;
import java.io.ByteArrayOutputStream;

/** Text through streams. */
final class Texts {
    private Texts() {}

    static ByteBuf bytes(String text) {
        return bytes(text.getBytes(UTF_8));
    }

    static ByteBuf bytes(byte[] bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    /** What one read gave, which is released; {@code "(end)"} at the end. */
    static String text(ByteBuf bytes) {
        if (bytes == null) {
            return "(end)";
        }
        try {
            return bytes.toString(UTF_8);
        } finally {
            bytes.release();
        }
    }

    /** Reads so many bytes, or all that come before the end. */
    static Coroutine<String> read(TcpStream stream, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            ByteBuf data = await(stream.read());
            if (data == null) {
                break;
            }
            byte[] some = new byte[data.readableBytes()];
            data.readBytes(some);
            data.release();
            all.write(some, 0, some.length);
        }
        return Coroutine.of(all.toString(UTF_8));
    }

    static Coroutine<String> readToTheEnd(TcpStream stream) {
        return Coroutine.of(await(read(stream, Integer.MAX_VALUE)));
    }
}
