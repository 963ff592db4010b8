package io.samovar.echo;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load generator: keeps so many messages in flight, and checks every byte that comes back.
 *
 * <p>One task does both, and it awaits only its reads. Were it to await its writes it could wait for ever when messages are
 * larger than the sockets' buffers: the server takes nothing more until we read what it has sent. So a write that does not
 * go out at once waits in the stream's queue, where there is never more than {@code depth} messages; and since what is
 * queued are slices of the pattern, not even that needs memory.
 *
 * <p>Answers that come together are replaced by as many messages together, with one write, as a client that pipelines does.
 */
final class LoadConnection {
    private final int number;
    private final TcpStream peer;
    private final LoadRun run;
    private final Pattern pattern;
    private final LoadTally tally;
    private final int size;

    /** Where this connection's stream begins in the pattern. */
    private final long start;

    /** When the messages in flight were handed to write, in a ring. */
    private final long[] sentAt;

    private int oldest;
    private int inFlight;

    /** Bytes, since the connection was made. */
    private long sent;

    private long received;

    /** Bytes of the oldest message in flight that have come back. */
    private int ofOldest;

    LoadConnection(int number, TcpStream peer, LoadRun run) {
        this.number = number;
        this.peer = peer;
        this.run = run;
        pattern = run.pattern();
        tally = run.tally();
        size = run.plan().size();
        sentAt = new long[run.plan().depth()];
        start = Pattern.start(number);
    }

    /** Keeps the connection busy until the run is over; once. */
    Coroutine<@Nullable Void> talk() {
        try {
            send(sentAt.length);
            for (ByteBuf data; (data = await(peer.read())) != null; ) {
                take(data);
                if (inFlight == 0) {
                    peer.close(); // the run is over, and all has come back
                    return Coroutine.done();
                }
            }
            endOfStream();
            return Coroutine.done();
        } catch (NetworkException failure) {
            peer.abort();
            throw lost(Reasons.of(failure), failure);
        } catch (Throwable failure) {
            peer.abort();
            throw failure;
        }
    }

    /** Sends so many messages. */
    private void send(int messages) {
        long now = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            sentAt[(oldest + inFlight++) % sentAt.length] = now;
        }
        long end = sent + (long) messages * size;
        while (sent < end) {
            ByteBuf bytes = pattern.slice(start + sent, end - sent);
            sent += bytes.readableBytes();
            peer.write(bytes); // not awaited, see above; should it fail, so does the next read or write
        }
    }

    /** Checks what has come, and sends the next messages for those that are complete. */
    private void take(ByteBuf data) {
        int bytes = data.readableBytes();
        try {
            int right = pattern.mismatch(data, start + received);
            if (right >= 0) {
                throw wrongByte(received + right, data.getByte(data.readerIndex() + right));
            }
        } finally {
            data.release();
        }
        if (received + bytes > sent) {
            throw new MismatchException("connection " + number + " got more bytes than it has sent");
        }
        received += bytes;
        tally.verified(bytes);
        int complete = complete(bytes);
        if (complete > 0 && run.isSending()) {
            send(complete);
        }
    }

    /** Notes the messages that are complete with these bytes. */
    private int complete(int bytes) {
        if (ofOldest + (long) bytes < size) {
            ofOldest += bytes;
            return 0;
        }
        long now = System.nanoTime();
        long whole = ofOldest + (long) bytes;
        int complete = (int) (whole / size);
        ofOldest = (int) (whole % size);
        for (int i = 0; i < complete; i++) {
            tally.answered(now - sentAt[oldest]);
            oldest = oldest + 1 == sentAt.length ? 0 : oldest + 1;
        }
        inFlight -= complete;
        return complete;
    }

    /** The stream has ended while answers are missing: on our side if the run was cut short, else on the server's. */
    private void endOfStream() {
        if (!run.isCut()) {
            throw lost("the server closed it", null);
        }
    }

    private RunFailedException lost(String why, @Nullable Throwable cause) {
        return new RunFailedException(
                String.format(
                        Locale.ROOT, "connection %d was lost in mid-run, after %,d bytes: %s", number, received, why),
                cause);
    }

    private MismatchException wrongByte(long position, byte got) {
        return new MismatchException(String.format(
                Locale.ROOT,
                "connection %d got a wrong byte at position %,d of its stream: 0x%02x instead of 0x%02x",
                number,
                position,
                got,
                pattern.byteAt(start + position)));
    }
}
