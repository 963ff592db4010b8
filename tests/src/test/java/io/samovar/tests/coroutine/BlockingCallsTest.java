package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;
import static io.samovar.tests.coroutine.Compilation.fine;
import static io.samovar.tests.coroutine.Compilation.warning;

import io.samovar.tests.coroutine.Compilation.Snippet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call in a coroutine that is known to block the loop is a warning where it stands. */
@Timeout(60)
class BlockingCallsTest {
    private static final String KEY = "[samovar.blocking] ";

    /** A warning of a statement in a coroutine. */
    private static Snippet blocks(String call, String parameters, String statement) {
        return warning(KEY + call + " would block the loop and all its coroutines", coroutine(parameters, statement));
    }

    private static Snippet isFine(String parameters, String statement) {
        return fine(coroutine(parameters, statement));
    }

    private static String coroutine(String parameters, String statement) {
        return "Coroutine<Void> m(" + parameters + ") throws Exception {\n    " + statement
                + "\n    return Coroutine.done(); }";
    }

    @Test
    void theMessageSaysWhatToDoInstead() {
        new Compilation()
                .says(
                        warning(
                                KEY
                                        + "Files.readString would block the loop and all its coroutines: make the call on another"
                                        + " thread, with await(Async.toThread(() -> ...))",
                                coroutine("java.nio.file.Path p", "java.nio.file.Files▸.readString(p);")),
                        warning(
                                KEY
                                        + "Thread.sleep would block the loop and all its coroutines: write await(Async.sleep(duration))",
                                coroutine("", "Thread▸.sleep(1);")),
                        warning(
                                KEY
                                        + "CompletableFuture.join would block the loop and all its coroutines: await the future itself, if it is a"
                                        + " CompletionStage or Netty's; wait for any other on another thread, with"
                                        + " await(Async.toThread(() -> ...))",
                                coroutine("CompletableFuture<?> f", "f▸.join();")),
                        warning(
                                KEY
                                        + "ReentrantLock.lock would block the loop and all its coroutines: between two awaits they need no"
                                        + " lock; what other threads share with them, pass through EventLoop.execute",
                                coroutine("ReentrantLock l", "l▸.lock();")),
                        warning(
                                KEY
                                        + "Async.run cannot run inside a coroutine, whose loop runs already: await the coroutine instead",
                                coroutine("", "Async▸.run(() -> tea());")));
    }

    @Test
    void onlyWhatTheCoroutineItselfCallsIsTold() {
        new Compilation()
                .says(
                        fine("void m() throws Exception { Thread.sleep(1); }"),
                        fine("static { try { Thread.sleep(1); } catch (InterruptedException e) { } }"),
                        isFine("Executor e, CompletableFuture<?> f", "e.execute(() -> f.join());"),
                        isFine(
                                "Executor e",
                                "e.execute(new Runnable() { public void run() { new Semaphore(1).acquireUninterruptibly(); } });"),
                        isFine("", "class Local { int i = new CompletableFuture<Integer>().join(); }"),
                        warning(
                                KEY + "CompletableFuture.join",
                                "Supplier<Coroutine<Integer>> s(CompletableFuture<Integer> f) { return () -> Coroutine.of(f▸.join()); }"),
                        warning(
                                KEY + "Thread.sleep",
                                "void m() { Async.run(() -> {\n    Thread▸.sleep(1);\n    return tea(); }); }"));
    }

    @Test
    void threadsAndTheirToolsBlock() {
        new Compilation()
                .says(
                        blocks("Thread.join", "Thread t", "t▸.join();"),
                        blocks("TimeUnit.sleep", "", "TimeUnit.SECONDS▸.sleep(1);"),
                        blocks("Object.wait", "Object o", "o▸.wait();"),
                        blocks("String.wait", "String o", "o▸.wait(5);"),
                        blocks("Process.waitFor", "Process p", "p▸.waitFor();"),
                        blocks("LockSupport.parkNanos", "", "LockSupport▸.parkNanos(1);"),
                        blocks("Future.get", "java.util.concurrent.Future<?> f", "f▸.get();"),
                        blocks("CompletableFuture.get", "CompletableFuture<?> f", "f▸.get(1, TimeUnit.SECONDS);"),
                        blocks("ForkJoinTask.join", "ForkJoinTask<?> f", "f▸.join();"),
                        blocks("ChannelFuture.sync", "io.netty.channel.ChannelFuture f", "f▸.sync();"),
                        blocks("ChannelFuture.await", "io.netty.channel.ChannelFuture f", "f▸.await();"),
                        blocks("Promise.get", "io.netty.util.concurrent.Promise<?> f", "f▸.get();"),
                        blocks(
                                "ExecutorService.invokeAll",
                                "ExecutorService e",
                                "e▸.invokeAll(new ArrayList<Callable<String>>());"),
                        blocks(
                                "ThreadPoolExecutor.awaitTermination",
                                "ThreadPoolExecutor e",
                                "e▸.awaitTermination(1, null);"),
                        blocks("CountDownLatch.await", "CountDownLatch l", "l▸.await();"),
                        blocks("CyclicBarrier.await", "CyclicBarrier l", "l▸.await();"),
                        blocks("Semaphore.acquire", "java.util.concurrent.Semaphore l", "l▸.acquire();"),
                        blocks("Semaphore.tryAcquire", "java.util.concurrent.Semaphore l", "l▸.tryAcquire(1, null);"),
                        blocks("BlockingQueue.put", "BlockingQueue<String> q", "q▸.put(\"\");"),
                        blocks("ArrayBlockingQueue.take", "ArrayBlockingQueue<String> q", "q▸.take();"),
                        blocks("LinkedBlockingDeque.takeFirst", "LinkedBlockingDeque<String> q", "q▸.takeFirst();"),
                        warning(
                                KEY + "LinkedBlockingQueue.poll",
                                "<Q extends LinkedBlockingQueue<String>> " + coroutine("Q q", "q▸.poll(1, null);")),
                        blocks("Condition.await", "Condition c", "c▸.await();"),
                        blocks("Lock.lockInterruptibly", "Lock l", "l▸.lockInterruptibly();"),
                        blocks("ReentrantLock.tryLock", "ReentrantLock l", "l▸.tryLock(1, null);"),
                        blocks("StampedLock.writeLock", "StampedLock l", "l▸.writeLock();"),
                        warning(
                                KEY + "EventLoop.runUntilComplete",
                                coroutine("EventLoop l", "l▸.runUntilComplete(tea());")),
                        isFine("java.util.concurrent.Future<?> f", "f.cancel(true); f.isDone();"),
                        isFine("CompletableFuture<?> f", "f.getNow(null); f.complete(null);"),
                        isFine("io.netty.channel.ChannelFuture f", "f.addListener(x -> {}); f.getNow();"),
                        isFine("io.samovar.Future<?> f", "f.result(); f.exception();"),
                        isFine("ExecutorService e", "e.submit(() -> {}); e.shutdown();"),
                        isFine("ReentrantLock l", "l.tryLock(); l.unlock(); l.newCondition();"),
                        isFine("ReadWriteLock l", "l.readLock();"),
                        isFine("java.util.concurrent.Semaphore s", "s.tryAcquire(); s.tryAcquire(2); s.release();"),
                        isFine("io.samovar.sync.Semaphore s", "await(s.acquire()); s.release();"),
                        isFine("BlockingQueue<String> q", "q.add(\"\"); q.offer(\"\"); q.poll();"),
                        isFine("PriorityBlockingQueue<String> q", "q.put(\"\");"),
                        isFine("Object o", "o.notifyAll();"));
    }

    @Test
    void anOverridingMethodBlocksAsWell() {
        new Compilation()
                .with("class Own extends LinkedBlockingQueue<String> { @Override public void put(String s) {}"
                        + " void put(int i) {} }")
                .with("class OwnGet { public String get() { return \"\"; } }")
                .with("abstract class OwnFuture extends OwnGet implements java.util.concurrent.Future<String> {}")
                .says(
                        blocks("Own.put", "Own own", "own▸.put(\"\");"),
                        isFine("Own own", "own.put(1);"),
                        blocks("OwnFuture.get", "OwnFuture own", "own▸.get();"),
                        isFine("OwnGet own", "own.get();"),
                        warning(
                                KEY + "Own.put",
                                "static class Inner extends Own { Coroutine<Void> m() { ▸put(\"\"); return Coroutine.done(); } }"),
                        warning(
                                KEY + "Own.put",
                                "static class Inner extends Own {"
                                        + " Coroutine<Void> m() { super▸.put(\"\"); return Coroutine.done(); } }"));
    }

    @Test
    void streamsBlockUnlessTheyAreInMemory() {
        new Compilation()
                .says(
                        blocks("InputStream.read", "InputStream in", "in▸.read();"),
                        blocks("InputStream.read", "java.net.Socket s", "s.getInputStream()▸.read();"),
                        blocks("InputStream.read", "", "System.in▸.read();"),
                        blocks("FileInputStream.readAllBytes", "FileInputStream in", "in▸.readAllBytes();"),
                        blocks(
                                "InputStream.transferTo",
                                "InputStream in, ByteArrayOutputStream o",
                                "in▸.transferTo(o);"),
                        blocks("DataInputStream.readInt", "DataInputStream in", "in▸.readInt();"),
                        blocks("ObjectInputStream.readObject", "ObjectInputStream in", "in▸.readObject();"),
                        blocks("RandomAccessFile.readFully", "RandomAccessFile f, byte[] b", "f▸.readFully(b);"),
                        blocks("OutputStream.write", "OutputStream out", "out▸.write(1);"),
                        blocks("BufferedOutputStream.flush", "BufferedOutputStream out", "out▸.flush();"),
                        blocks("BufferedReader.readLine", "BufferedReader r", "r▸.readLine();"),
                        blocks("BufferedReader.lines", "BufferedReader r", "r▸.lines();"),
                        blocks("PrintWriter.println", "PrintWriter w", "w▸.println(1);"),
                        blocks("Console.readLine", "", "System.console()▸.readLine();"),
                        blocks("Scanner.nextLine", "", "new Scanner(System.in)▸.nextLine();"),
                        isFine("ByteArrayInputStream in", "in.read(); in.readAllBytes();"),
                        isFine("ByteArrayOutputStream out", "out.write(1); out.flush();"),
                        isFine("StringReader r, StringWriter w", "r.read(); w.write(1); r.transferTo(w);"),
                        isFine("String s", "new BufferedReader(new StringReader(s)).readLine();"),
                        isFine("String s", "var r = new BufferedReader(new StringReader(s)); r.readLine();"),
                        isFine(
                                "byte[] b",
                                "InputStream in = new ByteArrayInputStream(b); var d = new DataInputStream(in); d.readInt();"),
                        isFine("String s", "var scanner = new Scanner(s); scanner.nextLine();"),
                        isFine("", "var w = new StringWriter(); new PrintWriter(w).println(1);"),
                        isFine("io.netty.buffer.ByteBuf b", "new io.netty.buffer.ByteBufInputStream(b).readInt();"),
                        isFine("", "System.out.println(); System.err.print(1); System.out.flush();"),
                        isFine("InputStream in", "in.available(); in.close();"));
    }

    @Test
    void filesSocketsNamesAndDatabasesBlock() {
        new Compilation()
                .option("--add-modules=java.sql,java.net.http")
                .says(
                        blocks("Files.walk", "java.nio.file.Path p", "java.nio.file.Files▸.walk(p);"),
                        blocks("Files.write", "java.nio.file.Path p, byte[] b", "java.nio.file.Files▸.write(p, b);"),
                        blocks("FileChannel.force", "java.nio.channels.FileChannel c", "c▸.force(true);"),
                        blocks("Selector.select", "java.nio.channels.Selector s", "s▸.select(1);"),
                        blocks("new Socket", "", "▸new java.net.Socket(\"127.0.0.1\", 1);"),
                        blocks("Socket.connect", "java.net.Socket s", "s▸.connect(null);"),
                        blocks(
                                "SSLSocketFactory.createSocket",
                                "javax.net.ssl.SSLSocketFactory f",
                                "f▸.createSocket(\"a\", 1);"),
                        blocks("ServerSocket.accept", "java.net.ServerSocket s", "s▸.accept();"),
                        blocks("DatagramSocket.receive", "java.net.DatagramSocket s", "s▸.receive(null);"),
                        blocks("URL.openStream", "java.net.URL u", "u▸.openStream();"),
                        blocks(
                                "HttpURLConnection.getResponseCode",
                                "java.net.HttpURLConnection c",
                                "c▸.getResponseCode();"),
                        blocks("HttpClient.send", "java.net.http.HttpClient c", "c▸.send(null, null);"),
                        blocks("InetAddress.getByName", "String s", "java.net.InetAddress▸.getByName(s);"),
                        blocks("InetAddress.getByName", "", "java.net.InetAddress▸.getByName(\"example.org\");"),
                        blocks("new InetSocketAddress", "", "▸new java.net.InetSocketAddress(\"example.org\", 1);"),
                        blocks("DriverManager.getConnection", "", "java.sql.DriverManager▸.getConnection(\"\");"),
                        blocks("DataSource.getConnection", "javax.sql.DataSource d", "d▸.getConnection();"),
                        blocks("Connection.commit", "java.sql.Connection c", "c▸.commit();"),
                        blocks("PreparedStatement.executeQuery", "java.sql.PreparedStatement s", "s▸.executeQuery();"),
                        blocks(
                                "PreparedStatement.executeUpdate",
                                "java.sql.PreparedStatement s",
                                "s▸.executeUpdate(\"\");"),
                        blocks("ResultSet.next", "java.sql.ResultSet r", "r▸.next();"),
                        isFine("java.nio.file.Path p", "java.nio.file.Files.exists(p); java.nio.file.Files.size(p);"),
                        isFine("java.nio.channels.SocketChannel c", "c.read((java.nio.ByteBuffer) null);"),
                        isFine("java.nio.channels.Selector s", "s.selectNow(); s.wakeup();"),
                        isFine("", "new java.net.Socket(); new java.net.InetSocketAddress(7);"),
                        isFine(
                                "",
                                "java.net.InetAddress.getByName(\"127.0.0.1\"); java.net.InetAddress.getByName(\"::1\");"),
                        isFine("", "new java.net.InetSocketAddress(\"localhost\", 1);"),
                        isFine("java.net.InetAddress a", "new java.net.InetSocketAddress(a, 1);"),
                        blocks("InetAddress.getHostName", "java.net.InetAddress a", "a▸.getHostName();"),
                        isFine("java.net.http.HttpClient c", "c.sendAsync(null, null);"),
                        isFine("java.sql.ResultSet r", "r.getInt(1);"));
    }

    @Test
    void itIsSilencedAtAnyDeclarationAround() {
        String silence = "@SuppressWarnings(\"samovar.blocking\") ";
        String sleeps = coroutine("", "Thread.sleep(1);");
        new Compilation()
                .with(silence + "class Silent { static class Inner { " + sleeps + " } }")
                .says(
                        fine(silence + sleeps),
                        fine("@SuppressWarnings({\"unused\", \"samovar.blocking\"}) " + sleeps),
                        fine("static final String KEY = \"samovar.blocking\"; @SuppressWarnings(KEY) " + sleeps),
                        fine("@SuppressWarnings(\"all\") " + sleeps),
                        fine(silence + "static class C { " + sleeps + " }"),
                        isFine("CompletableFuture<Integer> f", silence + "int i = f.join();"),
                        fine(silence + "Callable<Coroutine<Integer>> c = () -> { Thread.sleep(1); return tea(); };"),
                        warning(
                                KEY + "Thread.sleep",
                                "@SuppressWarnings(\"samovar.heldLock\") " + coroutine("", "Thread▸.sleep(1);")),
                        warning(
                                KEY + "CompletableFuture.join",
                                coroutine(
                                        "CompletableFuture<Integer> f",
                                        silence + "int i = f.join(); int j = f▸.join();")));
    }

    @Test
    void theOptionChoosesErrorWarningOrSilence() {
        String sleeps = coroutine("", "Thread▸.sleep(1);");
        new Compilation().option("-Asamovar.blocking=warn").says(warning(KEY + "Thread.sleep", sleeps));
        new Compilation().option("-Asamovar.blocking=error").says(error(KEY + "Thread.sleep", sleeps));
        new Compilation().option("-Asamovar.blocking=off").says(fine(sleeps.replace("▸", "")));
    }

    @Test
    void namesAreLeftOutOrAdded() {
        new Compilation()
                .with("class Legacy { static void call() {} void call(int i) {} void other() {} }")
                .with("class OldLegacy extends Legacy { @Override void other() {} void own() {} }")
                .with("class Partly { void slow() {} void fast() {} }")
                .with("class Outer { static class Nested { void slow() {} } }")
                .option(
                        "-Asamovar.blocking.allow=java.io.InputStream, java.lang.Thread.sleep,java.util.concurrent.Future")
                .option("-Asamovar.blocking.also=Legacy,Partly.slow,Outer.Nested.slow,java.lang.System.gc")
                .says(
                        isFine("InputStream in, FileInputStream file", "in.read(); file.read();"),
                        isFine("CompletableFuture<?> f", "f.get(); f.join();"),
                        isFine("", "Thread.sleep(1);"),
                        blocks("Thread.join", "Thread t", "t▸.join();"),
                        blocks("Reader.read", "Reader r", "r▸.read();"),
                        blocks("Legacy.call", "", "Legacy▸.call();"),
                        blocks("Legacy.call", "Legacy l", "l▸.call(1);"),
                        blocks("OldLegacy.other", "OldLegacy l", "l▸.other();"),
                        isFine("OldLegacy l", "l.own(); l.toString(); new Legacy();"),
                        blocks("Partly.slow", "Partly p", "p▸.slow();"),
                        isFine("Partly p", "p.fast();"),
                        blocks("Nested.slow", "Outer.Nested n", "n▸.slow();"),
                        blocks("System.gc", "", "System▸.gc();"));
    }
}
