package io.samovar.transport.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** Socket options by the JDK's names, on a native descriptor. */
final class NativeOptions {
    private static final int IPPROTO_TCP = 6;

    /** The TCP options that Netty's socket has no method for: their numbers, Linux's and the BSDs' (macOS). */
    private static final Map<SocketOption<?>, Integer> TCP_OPTIONS = NativeErrors.BSD
            ? Map.of(
                    ExtendedSocketOptions.TCP_KEEPIDLE, 0x10,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL, 0x101,
                    ExtendedSocketOptions.TCP_KEEPCOUNT, 0x102)
            : Map.of(
                    ExtendedSocketOptions.TCP_KEEPIDLE, 4,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL, 5,
                    ExtendedSocketOptions.TCP_KEEPCOUNT, 6);

    private NativeOptions() {}

    static <T> void set(Socket fd, SocketOption<T> option, T value) throws IOException {
        if (option == StandardSocketOptions.TCP_NODELAY) {
            fd.setTcpNoDelay((Boolean) value);
        } else if (option == StandardSocketOptions.SO_KEEPALIVE) {
            fd.setKeepAlive((Boolean) value);
        } else if (option == StandardSocketOptions.SO_SNDBUF) {
            fd.setSendBufferSize((Integer) value);
        } else if (option == StandardSocketOptions.SO_RCVBUF) {
            fd.setReceiveBufferSize((Integer) value);
        } else if (option == StandardSocketOptions.SO_LINGER) {
            fd.setSoLinger((Integer) value);
        } else if (option == StandardSocketOptions.SO_REUSEADDR) {
            fd.setReuseAddress((Boolean) value);
        } else if (option == StandardSocketOptions.SO_REUSEPORT) {
            fd.setReusePort((Boolean) value);
        } else if (option == StandardSocketOptions.IP_TOS) {
            fd.setTrafficClass((Integer) value);
        } else {
            fd.setIntOpt(IPPROTO_TCP, number(option), (Integer) value);
        }
    }

    static <T> T get(Socket fd, SocketOption<T> option) throws IOException {
        Object value;
        if (option == StandardSocketOptions.TCP_NODELAY) {
            value = fd.isTcpNoDelay();
        } else if (option == StandardSocketOptions.SO_KEEPALIVE) {
            value = fd.isKeepAlive();
        } else if (option == StandardSocketOptions.SO_SNDBUF) {
            value = fd.getSendBufferSize();
        } else if (option == StandardSocketOptions.SO_RCVBUF) {
            value = fd.getReceiveBufferSize();
        } else if (option == StandardSocketOptions.SO_LINGER) {
            value = fd.getSoLinger();
        } else if (option == StandardSocketOptions.SO_REUSEADDR) {
            value = fd.isReuseAddress();
        } else if (option == StandardSocketOptions.SO_REUSEPORT) {
            value = fd.isReusePort();
        } else if (option == StandardSocketOptions.IP_TOS) {
            value = fd.getTrafficClass();
        } else {
            value = fd.getIntOpt(IPPROTO_TCP, number(option));
        }
        return option.type().cast(value);
    }

    private static int number(SocketOption<?> option) {
        Integer number = TCP_OPTIONS.get(option);
        if (number == null) {
            throw new UnsupportedOperationException("this transport does not know the socket option " + option);
        }
        return number;
    }
}
