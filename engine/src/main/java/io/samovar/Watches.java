package io.samovar;

import io.samovar.transport.ReadinessListener;
import io.samovar.transport.Transport;
import io.samovar.transport.Watch;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a program has its loop watch. Belongs to the loop thread. */
final class Watches {
    private final EventLoop loop;
    private final Transport transport;
    /** By descriptor number ({@link Integer}) or channel. */
    private final Map<Object, Watched> watched = new HashMap<>();
    /** {@code null} until it is needed, which with a transport that watches channels itself it never is. */
    private @Nullable SelectorThread selectorThread;

    Watches(EventLoop loop) {
        this.loop = loop;
        transport = loop.transport();
    }

    void add(int descriptor, Direction direction, Runnable callback) {
        if (descriptor < 0) {
            throw new IllegalArgumentException("a descriptor is not negative: " + descriptor);
        }
        add(descriptor, direction, callback, listener -> transport.watch(descriptor, listener));
    }

    void add(SelectableChannel channel, Direction direction, Runnable callback) {
        if (!channel.isOpen()) {
            throw new IllegalArgumentException("the channel is closed and cannot be watched: " + channel);
        }
        if (channel.isBlocking()) {
            throw new IllegalArgumentException(
                    "the channel is in blocking mode: call configureBlocking(false) before it is watched: " + channel);
        }
        if ((channel.validOps() & direction.operations) == 0) {
            throw new IllegalArgumentException(
                    "the channel is never ready for " + direction.word + ", this kind cannot do it: " + channel);
        }
        add(channel, direction, callback, listener -> watch(channel, listener));
    }

    private void add(
            Object key, Direction direction, Runnable callback, Function<? super ReadinessListener, Watch> opener) {
        Watched entry = watched.get(key);
        if (entry != null) {
            entry.add(direction, callback);
            return;
        }
        Watched made = new Watched(loop, opener);
        try {
            made.add(direction, callback);
        } catch (RuntimeException refused) {
            made.cancel();
            throw refused;
        }
        watched.put(key, made);
    }

    private Watch watch(SelectableChannel channel, ReadinessListener listener) {
        Watch watch = transport.watch(channel, listener);
        if (watch != null) {
            return watch;
        }
        SelectorThread thread = selectorThread;
        if (thread == null) {
            thread = new SelectorThread(loop);
            selectorThread = thread;
        }
        return thread.watch(channel, listener);
    }

    boolean remove(Object key, Direction direction) {
        Watched entry = watched.get(key);
        if (entry == null || !entry.remove(direction)) {
            return false;
        }
        if (entry.isEmpty()) {
            watched.remove(key);
        }
        return true;
    }

    void close() {
        List.copyOf(watched.values()).forEach(Watched::cancel);
        watched.clear();
        if (selectorThread != null) {
            selectorThread.close();
        }
    }

    /** What something is watched for. */
    enum Direction {
        READING("reading", SelectionKey.OP_READ | SelectionKey.OP_ACCEPT),
        WRITING("writing", SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT);

        private final String word;
        private final int operations;

        Direction(String word, int operations) {
            this.word = word;
            this.operations = operations;
        }
    }
}
