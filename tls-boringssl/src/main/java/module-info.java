import io.samovar.net.TlsProvider;
import io.samovar.tls.boringssl.BoringSslProvider;

/** TLS by BoringSSL, over Netty's binding. */
module io.samovar.tls.boringssl {
    requires io.netty.handler;
    requires io.netty.tcnative.classes.openssl;
    requires transitive io.samovar.engine;
    requires static transitive org.jspecify;

    exports io.samovar.tls.boringssl;

    provides TlsProvider with
            BoringSslProvider;
}
