import io.samovar.transport.TransportProvider;
import io.samovar.transport.epoll.EpollTransportProvider;

/** Waits for sockets with Linux's epoll. */
module io.samovar.transport.epoll {
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires transitive io.samovar.transport.netty;
    requires static transitive org.jspecify;

    exports io.samovar.transport.epoll;

    provides TransportProvider with
            EpollTransportProvider;
}
