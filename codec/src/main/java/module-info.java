/** Netty's codecs over streams. */
module io.samovar.codec {
    requires transitive io.netty.buffer;
    requires transitive io.netty.codec;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.samovar.engine;
    requires static transitive org.jspecify;

    exports io.samovar.codec;
}
