package io.samovar.tests.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** Buffers to send, and what is in those that came. */
final class Bytes {
    private static final ByteBufAllocator MEMORY = ByteBufAllocator.DEFAULT;

    private Bytes() {}

    static ByteBuf direct(String text) {
        return direct(text.getBytes(UTF_8));
    }

    static ByteBuf direct(byte[] bytes) {
        return MEMORY.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    static ByteBuf heap(String text) {
        return MEMORY.heapBuffer().writeBytes(text.getBytes(UTF_8));
    }

    /** Direct memory to read into. */
    static ByteBuf room(int bytes) {
        return MEMORY.directBuffer(bytes, bytes);
    }

    static ByteBuf heapRoom(int bytes) {
        return MEMORY.heapBuffer(bytes, bytes);
    }

    /** The text in a buffer, which is released. */
    static String text(ByteBuf bytes) {
        try {
            return bytes.toString(UTF_8);
        } finally {
            bytes.release();
        }
    }

    /** The bytes in a buffer, which is released. */
    static byte[] taken(ByteBuf buffer) {
        try {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            return bytes;
        } finally {
            buffer.release();
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    /** Bytes in which no part looks like another, so that one that is lost, doubled or out of place shows. */
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        int state = 1;
        for (int i = 0; i < size; i++) {
            state = state * 1_103_515_245 + 12_345;
            bytes[i] = (byte) (state >> 16);
        }
        return bytes;
    }

    static byte[] filled(int size, char with) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }
}
