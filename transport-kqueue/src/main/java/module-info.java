import io.samovar.transport.TransportProvider;
import io.samovar.transport.kqueue.KqueueTransportProvider;

/** Waits for sockets with kqueue, on macOS and the BSDs. */
module io.samovar.transport.kqueue {
    requires io.netty.common;
    requires io.netty.transport.classes.kqueue;
    requires transitive io.samovar.transport.netty;
    requires static transitive org.jspecify;

    exports io.samovar.transport.kqueue;

    provides TransportProvider with
            KqueueTransportProvider;
}
