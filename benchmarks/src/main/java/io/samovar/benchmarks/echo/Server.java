package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.NettyEcho;
import io.samovar.benchmarks.servers.VertxEcho;
import io.samovar.benchmarks.servers.VirtualThreadEcho;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server that takes part. */
enum Server {
    /** The measure of all. */
    C("C epoll", null, ""),
    SAMOVAR_EPOLL("Samovar epoll", "io.samovar.echo.Main", "serve --port 0 --transport epoll"),
    SAMOVAR_NIO("Samovar NIO", "io.samovar.echo.Main", "serve --port 0 --transport nio"),
    NETTY_EPOLL("Netty epoll", NettyEcho.class.getName(), "epoll"),
    NETTY_NIO("Netty NIO", NettyEcho.class.getName(), "nio"),
    VERTX("Vert.x", VertxEcho.class.getName(), ""),
    VIRTUAL_THREADS("virtual threads", VirtualThreadEcho.class.getName(), "");

    /** The buffer of each virtual thread: as much as the C server reads at once. */
    static final int BUFFER = 64 * 1024;

    private final String title;
    private final @Nullable String mainClass;

    /** With spaces between them. */
    private final String arguments;

    Server(String title, @Nullable String mainClass, String arguments) {
        this.title = title;
        this.mainClass = mainClass;
        this.arguments = arguments;
    }

    /** Its name on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its name in tables. */
    String title() {
        return title;
    }

    boolean isJvm() {
        return mainClass != null;
    }

    boolean isSamovar() {
        return this == SAMOVAR_EPOLL || this == SAMOVAR_NIO;
    }

    /** Whether this JDK can run it. */
    boolean runsHere() {
        return this != VIRTUAL_THREADS || Jvm.FEATURE >= 21;
    }

    /** Those that run here. */
    static List<Server> available() {
        return Arrays.stream(values()).filter(Server::runsHere).toList();
    }

    /**
     * The command that starts it.
     *
     * @param buffer bytes of the buffer of each virtual thread
     */
    List<String> command(NativeTools tools, int buffer) {
        if (mainClass == null) {
            return List.of(tools.echoServer());
        }
        List<String> started = new ArrayList<>(List.of(mainClass));
        if (!arguments.isEmpty()) {
            started.addAll(List.of(arguments.split(" ")));
        }
        if (this == VIRTUAL_THREADS) {
            started.add("" + buffer);
        }
        return Jvm.command(started);
    }
}
