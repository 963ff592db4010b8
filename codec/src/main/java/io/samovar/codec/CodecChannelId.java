package io.samovar.codec;

import io.netty.channel.ChannelId;
import java.util.concurrent.atomic.AtomicLong;

/** A channel's number in this process. Netty's own ids begin with the address of a network card, which takes long to find. */
record CodecChannelId(long number) implements ChannelId {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong LAST = new AtomicLong();

    static CodecChannelId next() {
        return new CodecChannelId(LAST.incrementAndGet());
    }

    @Override
    public String asShortText() {
        return Long.toHexString(number);
    }

    @Override
    public String asLongText() {
        return "codec-" + asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
        return other instanceof CodecChannelId ours
                ? Long.compare(number, ours.number)
                : asLongText().compareTo(other.asLongText());
    }

    @Override
    public String toString() {
        return asShortText();
    }
}
