package io.samovar;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import io.samovar.transport.ReadinessListener;
import io.samovar.transport.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Watches channels for a loop whose transport cannot, because the JDK does not give out their descriptors: a thread that only
 * waits for a selector of its own. asyncio on Windows: tornado's {@code AddThreadSelectorEventLoop}.
 *
 * <p>The two threads take turns. This one waits, hands to the loop what is ready, and waits again only when the callbacks
 * have run; else it would tell of the same bytes again before they are read. So it changes nothing at the keys, and a channel
 * is reported as long as it is ready.
 */
final class SelectorThread {
    private final EventLoop loop;
    private final Selector selector;
    /** Held by the loop while it needs the selector for itself; this thread passes through it before each wait. */
    private final Object gate = new Object();
    /** A permit when the callbacks of a batch have run. */
    private final Semaphore goOn = new Semaphore(0);

    SelectorThread(EventLoop loop) {
        this.loop = loop;
        try {
            selector = Selector.open();
        } catch (IOException failed) {
            throw new UncheckedIOException("a selector for the channels to watch could not be opened", failed);
        }
        Thread thread = new Thread(this::run, "samovar-selector");
        thread.setDaemon(true);
        thread.start();
    }

    Watch watch(SelectableChannel channel, ReadinessListener listener) {
        return new Registration(channel, listener);
    }

    private void run() {
        try {
            while (true) {
                List<Ready> batch = waitForSome();
                if (!batch.isEmpty()) {
                    loop.execute(() -> tell(batch));
                    goOn.acquireUninterruptibly();
                }
            }
        } catch (ClosedSelectorException | LoopClosedException over) {
            // nobody is left to be told
        } catch (IOException | RuntimeException | Error failed) {
            loop.execute(() -> loop.report(new LoopFailure("watched channels are no longer watched", failed, null)));
        }
    }

    private List<Ready> waitForSome() throws IOException {
        synchronized (gate) {
            // the loop may be about to use the selector
        }
        List<Ready> batch = new ArrayList<>();
        selector.select(key -> {
            try {
                batch.add(new Ready((Registration) key.attachment(), key.readyOps()));
            } catch (CancelledKeyException closedMeanwhile) {
                // the selector forgets it with the next wait
            }
        });
        return batch;
    }

    /** On the loop thread. */
    private void tell(List<Ready> batch) {
        for (Ready ready : batch) {
            ready.registration.tell(ready.operations);
        }
        loop.ready(new Handle(loop, goOn::release)); // behind the callbacks
    }

    /** Lets go of the channels; they stay open. */
    void close() {
        try {
            selector.close(); // wakes the thread, and has taken the channels out when it returns
        } catch (IOException alreadyGone) {
            // the descriptor is freed whatever close(2) returns
        }
        goOn.release();
    }

    private record Ready(Registration registration, int operations) {}

    /** One channel. */
    private final class Registration implements Watch {
        private final SelectableChannel channel;
        private final ReadinessListener listener;
        /** {@code null} until it is watched for something. */
        private @Nullable SelectionKey key;

        private boolean cancelled;

        Registration(SelectableChannel channel, ReadinessListener listener) {
            this.channel = channel;
            this.listener = listener;
        }

        @Override
        public void interest(boolean reading, boolean writing) {
            int operations =
                    channel.validOps() & ((reading ? OP_READ | OP_ACCEPT : 0) | (writing ? OP_WRITE | OP_CONNECT : 0));
            try {
                key = channel.register(selector, operations, this);
            } catch (ClosedChannelException closed) {
                return; // will never be ready
            }
            selector.wakeup(); // a wait that is under way does not see the change
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (key == null || !selector.isOpen()) {
                return;
            }
            // The channel must be free when this returns: to be closed at once, its port included, or to be watched
            // again.
            synchronized (gate) {
                key.cancel();
                selector.wakeup();
                try {
                    selector.selectNow(ready -> {}); // begins when the thread has left its wait
                } catch (IOException failed) {
                    // the thread's next wait finds the same, and tells of it
                }
            }
        }

        void tell(int operations) {
            if (!cancelled) {
                listener.ready((operations & (OP_READ | OP_ACCEPT)) != 0, (operations & (OP_WRITE | OP_CONNECT)) != 0);
            }
        }
    }
}
