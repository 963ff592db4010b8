package io.samovar.compiler.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * The methods that are known to block.
 *
 * <p>A line gives the message, a class, and its methods; methods that override them count too. {@code name/2} is the method with
 * two parameters only, {@code name*} each one whose name begins so, {@code new} the constructor. A line "quick" takes methods out
 * for a class and its subclasses.
 *
 * <p>Left out on purpose: looking at a single file ({@code Files.exists}) and starting a process, which are short; the NIO
 * channels of sockets, which may be in non-blocking mode; {@code System.out}, which is for humans.
 */
final class BlockingTable {
    private static final String TABLE = """
            SLEEP  java.lang.Thread: sleep
            CALL   java.lang.Thread: join
            SLEEP  java.util.concurrent.TimeUnit: sleep
            CALL   java.util.concurrent.TimeUnit: timedJoin timedWait
            CALL   java.lang.Object: wait
            CALL   java.lang.Process: waitFor
            CALL   java.util.concurrent.locks.LockSupport: park*

            FUTURE java.util.concurrent.Future: get
            FUTURE java.util.concurrent.CompletableFuture: join
            FUTURE java.util.concurrent.ForkJoinTask: join invoke invokeAll quietlyJoin* quietlyInvoke
            FUTURE io.netty.util.concurrent.Future: sync* await*
            CALL   java.util.concurrent.ExecutorService: awaitTermination invokeAll invokeAny close
            CALL   java.util.concurrent.ForkJoinPool: invoke awaitQuiescence
            CALL   java.util.concurrent.CompletionService: take poll/2
            CALL   java.util.concurrent.StructuredTaskScope: join*

            CALL   java.util.concurrent.CountDownLatch: await
            CALL   java.util.concurrent.CyclicBarrier: await
            CALL   java.util.concurrent.Phaser: arriveAndAwaitAdvance awaitAdvance*
            CALL   java.util.concurrent.Exchanger: exchange
            CALL   java.util.concurrent.Semaphore: acquire* tryAcquire/2 tryAcquire/3
            CALL   java.util.concurrent.BlockingQueue: put take offer/3 poll/2
            CALL   java.util.concurrent.BlockingDeque: putFirst putLast takeFirst takeLast
            CALL   java.util.concurrent.BlockingDeque: offerFirst/3 offerLast/3 pollFirst/2 pollLast/2
            CALL   java.util.concurrent.TransferQueue: transfer tryTransfer/3
            quick  java.util.concurrent.PriorityBlockingQueue: put offer
            quick  java.util.concurrent.DelayQueue: put offer
            quick  java.util.concurrent.LinkedTransferQueue: put offer
            CALL   java.util.concurrent.locks.Condition: await*
            LOCK   java.util.concurrent.locks.Lock: lock lockInterruptibly tryLock/2
            LOCK   java.util.concurrent.locks.StampedLock: readLock* writeLock* tryReadLock/2 tryWriteLock/2

            CALL   java.io.InputStream: read* transferTo skip*
            CALL   java.io.OutputStream: write flush
            CALL   java.io.DataInput: read* skipBytes
            CALL   java.io.DataOutput: write*
            CALL   java.io.ObjectInput: readObject
            CALL   java.io.ObjectOutput: writeObject
            CALL   java.io.Reader: read* transferTo skip
            CALL   java.io.BufferedReader: readLine lines
            CALL   java.io.LineNumberReader: readLine
            CALL   java.io.Writer: write append flush
            CALL   java.io.BufferedWriter: newLine
            CALL   java.io.PrintWriter: print* format
            CALL   java.io.Console: read*
            CALL   java.util.Scanner: next* hasNext* findInLine findWithinHorizon skip tokens
            quick  java.io.ByteArrayInputStream: *
            quick  java.io.ByteArrayOutputStream: *
            quick  java.io.CharArrayReader: *
            quick  java.io.CharArrayWriter: *
            quick  java.io.PrintStream: *
            quick  java.io.StringBufferInputStream: *
            quick  java.io.StringReader: *
            quick  java.io.StringWriter: *
            quick  io.netty.buffer.ByteBufInputStream: *
            quick  io.netty.buffer.ByteBufOutputStream: *

            CALL   java.nio.file.Files: readAllBytes readString readAllLines lines write writeString copy move mismatch
            CALL   java.nio.file.Files: walk walkFileTree find list newDirectoryStream
            CALL   java.nio.file.WatchService: take poll/2
            CALL   java.nio.channels.FileChannel: read write transferTo transferFrom force lock
            CALL   java.nio.channels.Selector: select

            CALL   java.net.Socket: connect new/2 new/3 new/4
            CALL   java.net.ServerSocket: accept
            CALL   java.net.DatagramSocket: receive
            CALL   javax.net.SocketFactory: createSocket/2 createSocket/4
            CALL   javax.net.ssl.SSLSocket: startHandshake
            CALL   java.net.URL: openStream getContent
            CALL   java.net.URLConnection: connect getInputStream getOutputStream getContent* getHeader*
            CALL   java.net.HttpURLConnection: getResponseCode getResponseMessage
            CALL   java.net.http.HttpClient: send awaitTermination close
            CALL   java.net.InetAddress: getByName getAllByName getLocalHost getHostName getCanonicalHostName isReachable
            CALL   java.net.InetSocketAddress: getHostName new/2

            CALL   java.sql.DriverManager: getConnection
            CALL   javax.sql.DataSource: getConnection
            CALL   java.sql.Connection: commit rollback isValid
            CALL   java.sql.Statement: execute*
            CALL   java.sql.PreparedStatement: execute*
            CALL   java.sql.ResultSet: next

            LOOP   io.samovar.Async: run
            LOOP   io.samovar.EventLoop: runForever runUntilComplete
            """;

    /** What to do instead. */
    enum Kind {
        CALL(Message.BLOCKING_CALL),
        SLEEP(Message.BLOCKING_SLEEP),
        FUTURE(Message.BLOCKING_FUTURE),
        LOCK(Message.BLOCKING_LOCK),
        LOOP(Message.RUNS_LOOP);

        final Message message;

        Kind(Message message) {
            this.message = message;
        }
    }

    /** Methods of one class that block alike. */
    record Entry(Kind kind, MethodNames methods) {}

    private static final Map<String, List<Entry>> BLOCKING = new LinkedHashMap<>();
    private static final Map<String, MethodNames> QUICK = new LinkedHashMap<>();

    /** The names of all that block, without their parameters. */
    private static final Set<String> NAMES = new HashSet<>();
    /** How the names of others begin. */
    private static final Set<String> BEGINNINGS = new HashSet<>();

    static {
        for (StringTokenizer lines = new StringTokenizer(TABLE, "\n"); lines.hasMoreTokens(); ) {
            StringTokenizer words = new StringTokenizer(lines.nextToken(), ": ");
            String kind = words.nextToken();
            String type = words.nextToken();
            List<String> methods = new ArrayList<>();
            while (words.hasMoreTokens()) {
                methods.add(words.nextToken());
            }
            if (kind.equals("quick")) {
                QUICK.put(type, new MethodNames(methods));
            } else {
                List<Entry> entries = BLOCKING.get(type);
                if (entries == null) {
                    entries = new ArrayList<>(1);
                    BLOCKING.put(type, entries);
                }
                entries.add(new Entry(Kind.valueOf(kind), new MethodNames(methods)));
                for (String method : methods) {
                    addName(method);
                }
            }
        }
    }

    private BlockingTable() {}

    /** What is known of a class itself, not of those above it. */
    static List<Entry> of(String type) {
        return BLOCKING.getOrDefault(type, List.of());
    }

    /** Whether the table has a method of this name at all: a quick answer for nearly every call. */
    static boolean hasName(String method) {
        if (NAMES.contains(method)) {
            return true;
        }
        for (String beginning : BEGINNINGS) {
            if (method.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    private static void addName(String pattern) {
        if (pattern.endsWith("*")) {
            BEGINNINGS.add(pattern.substring(0, pattern.length() - 1));
        } else {
            int parameters = pattern.indexOf('/');
            NAMES.add(parameters < 0 ? pattern : pattern.substring(0, parameters));
        }
    }

    static boolean isQuick(String type, String method, int parameters) {
        MethodNames methods = QUICK.get(type);
        return methods != null && methods.contain(method, parameters);
    }

    /** Whether everything the class does is quick, because it works in memory. */
    static boolean isInMemory(String type) {
        MethodNames methods = QUICK.get(type);
        return methods != null && methods.containAll();
    }

    /** Every name in the table, as {@code java.lang.Thread: sleep}; for its test. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        BLOCKING.forEach((type, entries) -> entries.forEach(
                entry -> entry.methods().patterns().forEach(method -> names.add(type + ": " + method))));
        QUICK.forEach((type, methods) -> methods.patterns().forEach(method -> names.add(type + ": " + method)));
        return names;
    }
}
