import io.samovar.transport.TransportProvider;
import io.samovar.transport.nio.NioTransportProvider;

/** Waits for sockets with the JDK's selectors, on every system. */
module io.samovar.transport.nio {
    requires transitive io.samovar.transport.netty;
    requires static transitive org.jspecify;

    exports io.samovar.transport.nio;

    provides TransportProvider with
            NioTransportProvider;
}
