import io.samovar.transport.TransportProvider;

/** The event loop, coroutines, TCP, and the contract that transports fulfil. */
module io.samovar.engine {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires static java.management;
    requires jdk.net;
    /* For signals alone, by reflection: a Java machine without it runs everything else. */
    requires static jdk.unsupported;
    requires org.jctools.core;
    requires static transitive org.jspecify;

    exports io.samovar;
    exports io.samovar.net;
    exports io.samovar.sync;
    exports io.samovar.transport;

    uses io.samovar.net.TlsProvider;
    uses TransportProvider;
}
