package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import io.samovar.transport.ForwardingStreamSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over any stream socket, which becomes this one's.
 *
 * <p>{@link #finishConnect()} drives the handshake; it is to be asked again whenever the listener is told anything. Then
 * bytes are decrypted right into the reader's buffer, and up to {@link TlsMemory#BATCH} bytes are encrypted for one write
 * below. What the socket below does not take is held back, and nothing more is encrypted before it is gone.
 */
final class TlsSocket extends ForwardingStreamSocket implements ReadinessListener {
    /*
     * HANDSHAKING -> OPEN; `inputEnded` and `outputEnded` tell of each direction from then on, and `failure` of both.
     *
     * A read returns 0 only if the socket below has said "would block", or if something is under way that ends with a call of the
     * listener: work of the handshake (`work`), or ciphertext that must leave before more is read (`readAfterWrite`).
     */
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

    /** The content type of alerts, which TLS 1.2 shows in clear. */
    private static final int ALERT = 21;

    /** In TLS 1.3 an alert looks like any short record: 19 bytes, and more with padding, which the JDK adds. */
    private static final int SHORT = 64;

    /** Reads in one go of input that nobody wants; then the others have their turn. */
    private static final int DROPS = 16;

    private final EventLoop loop;
    private final TlsEngines engines;
    private final SSLEngine engine;
    private final TlsPeer peer;
    private final TlsWork work;
    private final TlsRecordLimits limits;
    private final TlsMemory memory = TlsMemory.ofThisThread();
    private final Duration shutdownLimit;
    private final ByteBuf[] single = new ByteBuf[1];

    private ReadinessListener listener = (readable, writable) -> {};

    private boolean handshaking = true;
    private boolean begun;
    /** Known when the handshake is over. TLS 1.3 ends each direction for itself and may change keys; older versions do neither. */
    private boolean tls13;

    /** Ciphertext that is not decrypted yet: part of a record, or what the reader's buffer had no room for. */
    private @Nullable ByteBuf ciphertextIn;

    /** Plaintext that the reader's buffer had no room for. */
    private @Nullable ByteBuf plaintextIn;

    /** Ciphertext that the socket below did not take. */
    private @Nullable ByteBuf ciphertextOut;

    /** The peer has said goodbye. */
    private boolean inputEnded;
    /** We have, or the engine does not let us write any more. */
    private boolean outputEnded;
    /** We are to say goodbye as soon as the handshake, or work of it, is over. */
    private boolean endsOutput;
    /** The socket below has come to its end. */
    private boolean lowerEnded;
    /** A write was not taken whole: the writer has more and waits to be told. */
    private boolean writerWaits;
    /** Everything that is written is encrypted and held back. */
    private boolean holdsBackAll;
    /** Bytes held back that are no data: what the engine itself had to say. */
    private int answers;
    /** The reader waits until what is held back is gone. */
    private boolean readAfterWrite;

    private @Nullable NetworkException failure;
    /** The socket below takes nothing any more; what has come from it can still be read. */
    private @Nullable NetworkException writeFailure;
    /** Begins with our goodbye. */
    private @Nullable TimerHandle shutdownTimer;

    private boolean shutdownOver;
    private boolean open = true;

    /**
     * @param real connected, the socket below; becomes this socket's
     * @param received what was read from it already and is TLS, or {@code null}; becomes this socket's
     */
    TlsSocket(
            EventLoop loop,
            StreamSocket real,
            TlsEngines engines,
            TlsPeer peer,
            Duration shutdownLimit,
            @Nullable ByteBuf received) {
        super(real);
        this.loop = loop;
        this.engines = engines;
        this.peer = peer;
        this.shutdownLimit = shutdownLimit;
        this.ciphertextIn = received;
        this.engine = engines.create(peer.host(), peer.port(), peer.serverName());
        this.work = new TlsWork(loop, engines, engine, this::worked);
        this.limits = new TlsRecordLimits(engine, engines.isNative());
        real.listener(this);
    }

    @Override
    public void listener(ReadinessListener newListener) {
        listener = newListener;
    }

    // ---- events from below

    @Override
    public void ready(boolean readable, boolean writable) {
        if (writable && ciphertextOut != null) {
            flushHeldBack();
        }
        listener.ready(readable || handshaking, writable);
    }

    @Override
    public void closed() {
        listener.closed();
    }

    private void worked(@Nullable Throwable broken) {
        if (!open) {
            return;
        }
        if (broken != null) {
            failure = peer.failed(handshaking, new SSLException("the TLS engine failed: " + broken, broken));
        } else if (!handshaking) {
            try {
                attend(engine.getHandshakeStatus());
                sayGoodbyeIfNoted();
            } catch (NetworkException failed) {
                failure = failed;
            }
        }
        listener.ready(true, true);
    }

    // ---- the handshake

    @Override
    public boolean finishConnect() {
        checkUsable("shake hands");
        try {
            if (!begun) {
                begun = true;
                engine.beginHandshake();
            }
            return !handshaking || handshake();
        } catch (SSLException failed) {
            throw fail(failed);
        }
    }

    private boolean handshake() throws SSLException {
        if (work.isUnderWay()) {
            return false;
        }
        ByteBuf in = takeInput();
        boolean done;
        try {
            done = handshake(in);
        } finally {
            keepInput(in);
        }
        if (done) {
            handshakeDone();
        }
        return done;
    }

    private boolean handshake(ByteBuf in) throws SSLException {
        while (!work.isUnderWay()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> work.start();
                case NEED_WRAP -> {
                    boolean said = encryptMessages();
                    if (outputEnded) {
                        throw closedInHandshake();
                    }
                    if (!said && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        throw new SSLException("the TLS engine has something to say, and does not say it");
                    }
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    if (outputEnded || engine.isInboundDone() || engine.isOutboundDone()) {
                        throw closedInHandshake(); // then there is no handshake any more, and none was finished
                    }
                    return true;
                }
                default -> {
                    if (!decryptMessage(in)) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    private static SSLException closedInHandshake() {
        return new SSLException("the TLS engine was closed during the handshake");
    }

    private void handshakeDone() throws SSLException {
        handshaking = false;
        limits.reset();
        if (engines.isNative()) {
            encryptMessages(); // BoringSSL is done before its last message is wrapped, and does not ask for that
        }
        tls13 = engine.getSession().getProtocol().equals("TLSv1.3");
        if (writerWaits) {
            listener.ready(false, true);
        }
        sayGoodbyeIfNoted();
    }

    /** Decrypts one message of the handshake. Returns false if more has to come first. */
    private boolean decryptMessage(ByteBuf in) throws SSLException {
        while (true) {
            peer.checkIsTls(in);
            if (noticesItsEnd() || (in.isReadable() && decryptAside(in))) {
                return true;
            }
            int bytes = readLower(in);
            if (bytes == 0) {
                return false;
            }
            if (bytes < 0) {
                throw remember(peer.closedEarly(writeFailure));
            }
        }
    }

    /** BoringSSL may have got the last message, and notices in the next call only; that must not be one with other bytes. */
    private boolean noticesItsEnd() throws SSLException {
        if (!engines.isNative()) {
            return false;
        }
        SSLEngineResult unused = engine.unwrap(EMPTY, NO_ROOM);
        return engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP;
    }

    // ---- reading

    @Override
    public int read(ByteBuf into) {
        checkUsable("read");
        int given = givePlaintext(into);
        if (given > 0) {
            return given;
        }
        if (inputEnded) {
            return -1;
        }
        if (handshaking || work.isUnderWay() || !mayReadMore()) {
            return 0;
        }
        ByteBuf in = takeInput();
        try {
            return read(in, into);
        } catch (SSLException failed) {
            throw fail(failed);
        } finally {
            keepInput(in);
        }
    }

    private int read(ByteBuf in, ByteBuf into) throws SSLException {
        while (true) {
            int bytes = decrypt(in, into);
            if (bytes > 0) {
                return bytes;
            }
            if (inputEnded) {
                return -1;
            }
            if (work.isUnderWay()) {
                return 0;
            }
            int more = readLower(in);
            if (more == 0) {
                return 0;
            }
            if (more < 0) {
                throw remember(cutOff());
            }
        }
    }

    private NetworkException cutOff() {
        NetworkException reset = writeFailure;
        if (reset != null && !(reset instanceof BrokenPipeException)) {
            return reset; // the kernel tells of it once, and calls it an end from then on
        }
        return new TlsTruncatedException(
                "read: the peer " + real.remoteAddress() + " ended the connection without TLS's close_notify");
    }

    /** Whether what must leave first has left: a peer that has us answer and takes no answers gets no further. */
    private boolean mayReadMore() {
        if (answers <= TlsMemory.RECORD || flushHeldBack()) {
            return true;
        }
        readAfterWrite = true;
        return false;
    }

    private int givePlaintext(ByteBuf into) {
        ByteBuf plaintext = plaintextIn;
        if (plaintext == null) {
            return 0;
        }
        int bytes = Math.min(plaintext.readableBytes(), into.writableBytes());
        into.writeBytes(plaintext, bytes);
        if (!plaintext.isReadable()) {
            plaintext.release();
            plaintextIn = null;
        }
        return bytes;
    }

    /** The socket below tells of its end once. */
    private int readLower(ByteBuf in) {
        if (lowerEnded) {
            return -1;
        }
        if (!in.isWritable(TlsMemory.PACKET)) {
            in.discardReadBytes();
        }
        int bytes = real.read(in);
        lowerEnded = bytes < 0;
        return bytes;
    }

    /** What is left over from the last time, with room for more behind it. */
    private ByteBuf takeInput() {
        ByteBuf left = ciphertextIn;
        ciphertextIn = null;
        if (left != null && left.readableBytes() > TlsMemory.BATCH) {
            return left; // handed over by the stream, or more than the last reader had room for
        }
        ByteBuf in = memory.in.take();
        if (left != null) {
            in.writeBytes(left);
            left.release();
        }
        return in;
    }

    private void keepInput(ByteBuf in) {
        if (!open || !in.isReadable()) {
            memory.in.giveBack(in);
            return;
        }
        if (in.readableBytes() > TlsMemory.BATCH && !memory.in.owns(in)) {
            ciphertextIn = in;
            return;
        }
        ciphertextIn = ByteBufAllocator.DEFAULT.directBuffer(in.readableBytes()).writeBytes(in);
        memory.in.giveBack(in);
    }

    /** Decrypts as many records as there are and {@code into} has room for. Returns bytes of plaintext. */
    private int decrypt(ByteBuf in, ByteBuf into) throws SSLException {
        if (engines.isNative()) {
            return decryptAll(in, into);
        }
        ByteBuf onHeap = memory.heapIn.take();
        try {
            onHeap.writeBytes(in, in.readerIndex(), Math.min(in.readableBytes(), onHeap.writableBytes()));
            int bytes = decryptAll(onHeap, into);
            in.skipBytes(onHeap.readerIndex());
            return bytes;
        } finally {
            memory.heapIn.giveBack(onHeap);
        }
    }

    private int decryptAll(ByteBuf in, ByteBuf into) throws SSLException {
        int produced = 0;
        while (in.isReadable() && !inputEnded && !work.isUnderWay()) {
            if (writerWaits && mayBeGoodbye(in)) {
                encryptWhatWaits();
            }
            SSLEngineResult result = unwrap(in, into);
            produced += result.bytesProduced();
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    return produced;
                }
                case BUFFER_OVERFLOW -> {
                    if (produced > 0) {
                        return produced;
                    }
                    if (!decryptAside(in)) {
                        return 0;
                    }
                    produced = givePlaintext(into);
                }
                case CLOSED -> inputHasEnded();
                default -> {
                    attend(result.getHandshakeStatus());
                    if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                        return produced;
                    }
                }
            }
        }
        return produced;
    }

    /** Decrypts one record to a buffer of its own. Returns false if there is no whole one. */
    private boolean decryptAside(ByteBuf in) throws SSLException {
        ByteBuf aside = engines.isNative()
                ? ByteBufAllocator.DEFAULT.directBuffer(TlsMemory.PACKET)
                : ByteBufAllocator.DEFAULT.heapBuffer(TlsMemory.PACKET);
        try {
            SSLEngineResult result = unwrap(in, aside);
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    return false;
                }
                case BUFFER_OVERFLOW -> throw new SSLException("a record is larger than TLS allows");
                case CLOSED -> inputHasEnded();
                default -> {
                    if (!handshaking) {
                        attend(result.getHandshakeStatus());
                    }
                }
            }
            if (aside.isReadable()) {
                plaintextIn = aside.retain();
            }
            return true;
        } finally {
            aside.release();
        }
    }

    private SSLEngineResult unwrap(ByteBuf in, ByteBuf into) throws SSLException {
        limits.checkLength(in);
        ByteBuffer source = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
        ByteBuffer target = into.internalNioBuffer(into.writerIndex(), into.writableBytes());
        SSLEngineResult result = engine.unwrap(source, target);
        in.skipBytes(result.bytesConsumed());
        into.writerIndex(into.writerIndex() + result.bytesProduced());
        limits.count(result, handshaking);
        return result;
    }

    /** Whether the next record may be the peer's goodbye, and one after which the engine encrypts nothing more. */
    private boolean mayBeGoodbye(ByteBuf in) {
        int at = in.readerIndex();
        if (!tls13) {
            return in.getUnsignedByte(at) == ALERT;
        }
        return engines.isNative() && in.readableBytes() > 4 && in.getUnsignedShort(at + 3) <= SHORT;
    }

    /**
     * Encrypts all that the writer has, and not only what the socket below takes, so that a peer that has ended still gets it.
     * Once, until that has left: a peer must not have us pile up more and more.
     */
    private void encryptWhatWaits() {
        if (ciphertextOut != null && ciphertextOut.readableBytes() > 2 * TlsMemory.BATCH) {
            return;
        }
        holdsBackAll = true;
        try {
            listener.ready(false, true);
        } finally {
            holdsBackAll = false;
        }
    }

    private void inputHasEnded() throws SSLException {
        inputEnded = true;
        if (handshaking) {
            throw remember(peer.closedEarly(writeFailure));
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            encryptMessages(); // up to TLS 1.2 the goodbye is answered at once
        }
        outputEnded |= engine.isOutboundDone();
    }

    /** What the engine asks for when the handshake is long over. */
    private void attend(HandshakeStatus status) {
        if (!asksForSomething(status)) {
            return;
        }
        refuseRenegotiation();
        try {
            if (status == HandshakeStatus.NEED_TASK) {
                work.start();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                encryptMessages();
            }
        } catch (SSLException failed) {
            throw fail(failed);
        }
    }

    private static boolean asksForSomething(HandshakeStatus status) {
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    private void refuseRenegotiation() {
        if (!tls13) {
            engine.closeOutbound();
            throw fail(new SSLException("the peer asked to negotiate anew, which is refused"));
        }
    }

    // ---- writing

    @Override
    public int write(ByteBuf from) {
        single[0] = from;
        try {
            return (int) write(single, 0, 1);
        } finally {
            single[0] = Unpooled.EMPTY_BUFFER;
        }
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        checkUsable("write");
        if (writeFailure != null) {
            throw writeFailure;
        }
        if (handshaking || work.isUnderWay() || (!flushHeldBack() && !holdsBackAll)) {
            writerWaits = true;
            return 0;
        }
        if (writeFailure != null) {
            throw writeFailure;
        }
        if (outputEnded) {
            throw peer.outputEnded();
        }
        TlsRecords records = new TlsRecords(buffers, offset, count, memory);
        try {
            while (records.hasMore() && (ciphertextOut == null || holdsBackAll) && !work.isUnderWay()) {
                encryptBatch(records);
                if (outputEnded) {
                    break;
                }
            }
        } catch (SSLException failed) {
            throw fail(failed);
        }
        if (outputEnded && records.hasMore()) {
            if (records.taken() == 0) {
                throw peer.outputEnded();
            }
            tellListenerSoon(); // the next write says why
        }
        writerWaits = records.hasMore();
        return records.taken();
    }

    /** Encrypts what makes one write of the socket below, and writes it. */
    private void encryptBatch(TlsRecords records) throws SSLException {
        ByteBuf out = memory.out.take();
        try {
            long end = records.taken() + TlsMemory.BATCH;
            boolean idle = false;
            while (records.taken() < end
                    && records.hasMore()
                    && out.isWritable(TlsMemory.PACKET)
                    && !outputEnded
                    && !work.isUnderWay()) {
                SSLEngineResult result = encryptRecord(records, out);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    outputEnded = true;
                } else if (asksForSomething(result.getHandshakeStatus())) {
                    send(out); // the peer counts records, so what the engine says now comes behind them
                    out.clear();
                    attend(result.getHandshakeStatus());
                }
                boolean again = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
                if (idle && again && !outputEnded && !work.isUnderWay()) {
                    throw new SSLException("the TLS engine takes no data");
                }
                idle = again; // once is the JDK's way to tell that something is over
            }
        } finally {
            send(out);
            memory.out.giveBack(out);
        }
    }

    private SSLEngineResult encryptRecord(TlsRecords records, ByteBuf out) throws SSLException {
        ByteBuffer record = records.next();
        SSLEngineResult result;
        try {
            result = wrap(record, out);
        } finally {
            records.release();
        }
        records.take(result.bytesConsumed());
        if (result.bytesConsumed() > 0) {
            limits.reset();
        }
        return result;
    }

    /** Encrypts what the engine itself has to say. Returns whether it had something. */
    private boolean encryptMessages() throws SSLException {
        ByteBuf out = memory.out.take();
        boolean said = false;
        try {
            boolean more;
            do {
                SSLEngineResult result = wrap(EMPTY, out);
                outputEnded |= result.getStatus() == SSLEngineResult.Status.CLOSED;
                more = result.bytesProduced() > 0 || result.getHandshakeStatus() == HandshakeStatus.FINISHED;
                said |= more;
            } while (more
                    && (engines.isNative() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP)
                    && out.isWritable(TlsMemory.PACKET));
        } finally {
            answers += handshaking ? 0 : out.readableBytes();
            send(out);
            answers = ciphertextOut == null ? 0 : answers;
            memory.out.giveBack(out);
        }
        return said;
    }

    private SSLEngineResult wrap(ByteBuffer plaintext, ByteBuf out) throws SSLException {
        if (engines.isNative()) {
            return wrapTo(plaintext, out);
        }
        ByteBuf onHeap = memory.heapOut.take();
        try {
            SSLEngineResult result = wrapTo(plaintext, onHeap);
            out.writeBytes(onHeap);
            return result;
        } finally {
            memory.heapOut.giveBack(onHeap);
        }
    }

    private SSLEngineResult wrapTo(ByteBuffer plaintext, ByteBuf out) throws SSLException {
        ByteBuffer target = out.internalNioBuffer(out.writerIndex(), out.writableBytes());
        SSLEngineResult result = engine.wrap(plaintext, target);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW && result.bytesProduced() == 0) {
            throw new SSLException("the TLS engine wants more room than a record of TLS takes");
        }
        out.writerIndex(out.writerIndex() + result.bytesProduced());
        return result;
    }

    /** Writes ciphertext, and holds back what is not taken. */
    private void send(ByteBuf out) {
        if (writeFailure != null || !out.isReadable()) {
            return;
        }
        ByteBuf heldBack = ciphertextOut;
        if (heldBack != null) {
            heldBack.writeBytes(out);
            return;
        }
        try {
            out.skipBytes(real.write(out));
        } catch (NetworkException failed) {
            writeFailure = failed; // what the peer has sent before it went may tell more: it is read first
            return;
        }
        if (out.isReadable()) {
            ciphertextOut =
                    ByteBufAllocator.DEFAULT.directBuffer(out.readableBytes()).writeBytes(out);
        }
    }

    /** Returns whether nothing is held back any more. */
    private boolean flushHeldBack() {
        ByteBuf heldBack = ciphertextOut;
        if (heldBack == null) {
            return true;
        }
        try {
            heldBack.skipBytes(real.write(heldBack));
        } catch (NetworkException failed) {
            writeFailure = failed;
            heldBack.skipBytes(heldBack.readableBytes());
        }
        if (heldBack.isReadable()) {
            return false;
        }
        heldBack.release();
        ciphertextOut = null;
        answers = 0;
        if (readAfterWrite) {
            readAfterWrite = false;
            listener.ready(true, false);
        }
        return true;
    }

    /** Fails if what was written has not left, and never will. */
    @Override
    public boolean flush() {
        if (!open) {
            return true;
        }
        boolean gone = flushHeldBack();
        if (writeFailure != null) {
            throw writeFailure;
        }
        return gone && real.flush();
    }

    // ---- the end

    @Override
    public void shutdownOutput() {
        checkUsable("shut down output");
        endsOutput = true;
        sayGoodbyeIfNoted();
    }

    /** In a handshake the engine would take it for the end of it, and a worker may have the engine. */
    private void sayGoodbyeIfNoted() {
        if (endsOutput && open && !handshaking && !work.isUnderWay()) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        if (outputEnded) {
            return;
        }
        outputEnded = true;
        engine.closeOutbound();
        try {
            encryptMessages();
        } catch (SSLException failed) {
            throw fail(failed);
        }
    }

    @Override
    public boolean finish() {
        if (!open || failure != null || handshaking) {
            return true;
        }
        if (work.isUnderWay()) {
            return false;
        }
        writerWaits = false;
        try {
            sayGoodbye();
            if (shutdownOver || (flushHeldBack() && (writeFailure != null || (peerHasFinished() && real.finish())))) {
                return true;
            }
            limitShutdown();
            return false;
        } catch (NetworkException gone) {
            return true; // the peer was to be told that we go, and it has gone
        }
    }

    /** Reads and drops until the peer's goodbye. */
    private boolean peerHasFinished() {
        ByteBuf dropped = ByteBufAllocator.DEFAULT.directBuffer(TlsMemory.BATCH);
        try {
            for (int i = 0; i < DROPS; i++) {
                int bytes = read(dropped.clear());
                if (bytes <= 0) {
                    return bytes < 0;
                }
            }
        } finally {
            dropped.release();
        }
        tellListenerSoon();
        return false;
    }

    private void tellListenerSoon() {
        loop.callSoon(() -> {
            if (open) {
                listener.ready(true, true);
            }
        });
    }

    private void limitShutdown() {
        if (shutdownTimer == null) {
            shutdownTimer = loop.callLater(shutdownLimit, () -> {
                shutdownOver = true;
                listener.ready(true, true);
            });
        }
    }

    /** A reset would have the peer's system throw our alert away before the peer has read it. */
    @Override
    public void reset() {
        if (!open) {
            return;
        }
        if (failure == null || writeFailure != null || ciphertextOut != null) {
            release();
            real.reset();
            return;
        }
        ByteBuf dropped = ByteBufAllocator.DEFAULT.directBuffer(TlsMemory.BATCH);
        try {
            real.shutdownOutput();
            for (int i = 0; i < DROPS && !lowerEnded && real.read(dropped.clear()) > 0; i++) {
                // what is left unread has the system send a reset, too
            }
        } catch (NetworkException gone) {
            // then nobody waits for the alert
        } finally {
            dropped.release();
            close();
        }
    }

    @Override
    public void close() {
        if (open) {
            release();
            real.close();
        }
    }

    private void release() {
        open = false;
        work.release();
        if (shutdownTimer != null) {
            shutdownTimer.cancel();
        }
        ciphertextIn = released(ciphertextIn);
        plaintextIn = released(plaintextIn);
        ciphertextOut = released(ciphertextOut);
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }

    /** The engine has refused something: tells the peer why, and gives what to throw. */
    private NetworkException fail(SSLException failed) {
        if (failure == null) {
            failure = peer.failed(handshaking, failed);
            try {
                encryptMessages();
            } catch (SSLException noAlert) {
                failed.addSuppressed(noAlert);
            }
        }
        return failure;
    }

    private NetworkException remember(NetworkException failed) {
        if (handshaking) {
            failure = failed; // else what we have to write may still be wanted
        }
        return failed;
    }

    private void checkUsable(String doing) {
        if (!open) {
            throw new StreamClosedException(doing + ": the socket is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    // ---- what it is

    /** What was agreed upon; the engine's own until the handshake is over. */
    SSLSession session() {
        return engine.getSession();
    }

    /** The protocol that was agreed upon by ALPN, or {@code null}. */
    @Nullable
    String applicationProtocol() {
        String protocol = engine.getApplicationProtocol();
        return protocol == null || protocol.isEmpty() ? null : protocol;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void bind(InetSocketAddress local) {
        throw new IllegalStateException("the connection stands already");
    }

    @Override
    public boolean connect(InetSocketAddress remote) {
        throw new IllegalStateException("the connection stands already");
    }
}
