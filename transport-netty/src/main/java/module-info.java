/** What the transports that stand on Netty share. */
module io.samovar.transport.netty {
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires transitive io.samovar.engine;
    requires io.netty.common;
    requires jdk.net;
    requires static transitive org.jspecify;

    exports io.samovar.transport.netty;
}
