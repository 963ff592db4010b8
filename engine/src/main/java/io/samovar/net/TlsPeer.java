package io.samovar.net;

import static io.samovar.net.TlsHandshakeException.Reason;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.io.EOFException;
import java.io.IOException;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a TLS connection, and what to say when it fails. */
final class TlsPeer {
    /** How the two engines tell of an alert that came: "Received fatal alert: bad_certificate", "SSLV3_ALERT_BAD_CERTIFICATE". */
    private static final Pattern ALERT =
            Pattern.compile("received fatal alert: (\\w+)|(?:sslv3|tlsv1|tlsv13|tls)_alert_(\\w+)");

    private static final String NO_PROTOCOL = "no version of TLS is allowed by both sides";
    private static final String NO_CIPHER = "no cipher is allowed by both sides";

    private final boolean server;
    private final @Nullable String host;
    private final int port;
    private final @Nullable InetSocketAddress address;
    private boolean sentTls;

    /**
     * @param server whether we are the server
     * @param host the server's name, if the peer is one
     */
    TlsPeer(boolean server, @Nullable String host, @Nullable InetSocketAddress address) {
        this.server = server;
        this.host = host;
        this.port = address == null ? -1 : address.getPort();
        this.address = address;
    }

    @Nullable
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** What to tell the server by SNI: its name, and not an address. */
    @Nullable
    SNIHostName serverName() {
        if (host == null || host.isEmpty() || NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return null;
        }
        try {
            String ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
            return new SNIHostName(ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii);
        } catch (
                IllegalArgumentException
                        noNameOfTheInternet) { // such as one with an underscore, which a certificate may have
            return null;
        }
    }

    /** Looks at the first bytes that came. */
    void checkIsTls(ByteBuf in) {
        if (sentTls || in.readableBytes() < 5) {
            return;
        }
        int type = in.getUnsignedByte(in.readerIndex());
        int version = in.getUnsignedByte(in.readerIndex() + 1);
        if (type < 20 || type > 24 || version != 3) {
            throw notTls(in);
        }
        sentTls = true;
    }

    private TlsHandshakeException notTls(ByteBuf in) {
        String text = in.toString(in.readerIndex(), Math.min(in.readableBytes(), 16), StandardCharsets.ISO_8859_1);
        String what;
        if (text.startsWith("HTTP/") || text.matches("(?s)(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|PRI) .*")) {
            what = "it is plain HTTP";
        } else if (text.startsWith("SSH-")) {
            what = "it is SSH";
        } else if (text.startsWith("220 ") || text.startsWith("220-")) {
            what = "it is a greeting of SMTP or FTP, which want STARTTLS first";
        } else {
            what = "it begins with the bytes "
                    + ByteBufUtil.hexDump(in, in.readerIndex(), Math.min(in.readableBytes(), 8));
        }
        return handshake(Reason.NOT_TLS, "what the peer sent is not TLS: " + what, null);
    }

    /** The end came before the handshake was over. */
    TlsHandshakeException closedEarly(@Nullable IOException cause) {
        return handshake(Reason.CLOSED_BY_PEER, "the peer closed the connection", cause);
    }

    TlsHandshakeException closedEarly(@Nullable NetworkException cause) {
        return closedEarly(cause == null ? null : cause.getCause());
    }

    /** We may not write after the peer's goodbye. */
    BrokenPipeException outputEnded() {
        String what = "write: the peer " + address + " has ended the TLS connection";
        return new BrokenPipeException(what, 0, new EOFException(what));
    }

    /** What the engine's failure means. */
    TlsException failed(boolean handshaking, SSLException cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof RefusedCertificateException refused) {
                return handshake(refused.reason(), refused.words(), cause);
            }
        }
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        Matcher alert = ALERT.matcher(text);
        if (alert.find()) {
            return refusedByPeer(handshaking, alert.group(1) == null ? alert.group(2) : alert.group(1), cause);
        }
        if (!handshaking) {
            return new TlsException("TLS connection to " + name() + " failed: " + cause.getMessage(), cause);
        }
        if (contains(text, "empty client certificate chain", "peer_did_not_return_a_certificate")) {
            return handshake(Reason.NO_CLIENT_CERTIFICATE, "the client showed no certificate", cause);
        }
        if (contains(
                text,
                "no appropriate protocol",
                "not accepted by server preferences",
                "is not enabled or not supported",
                "unsupported_protocol",
                "wrong_version_number",
                "no_supported_versions_enabled",
                "selected protocol version")) {
            return handshake(Reason.NO_COMMON_PROTOCOL, NO_PROTOCOL + " (" + cause.getMessage() + ')', cause);
        }
        if (contains(text, "no cipher suites in common", "no_shared_cipher", "no_ciphers_available")) {
            return handshake(Reason.NO_COMMON_CIPHER, NO_CIPHER, cause);
        }
        return handshake(Reason.OTHER, String.valueOf(cause.getMessage()), cause);
    }

    private TlsException refusedByPeer(boolean handshaking, String alert, SSLException cause) {
        String words = "the peer refused with the alert " + alert + explanation(alert);
        if (!handshaking) { // a client of TLS 1.3 is done before the server has looked at its certificate
            return new TlsException("TLS connection to " + name() + " failed: " + words, cause);
        }
        Reason reason = alert.equals("protocol_version") ? Reason.NO_COMMON_PROTOCOL : Reason.REFUSED_BY_PEER;
        return handshake(reason, words, cause);
    }

    private String explanation(String alert) {
        return switch (alert) {
            case "protocol_version" -> ": " + NO_PROTOCOL;
            case "handshake_failure" ->
                ": most often that means " + NO_CIPHER + (server ? "" : ", or that it wants a client's certificate");
            case "certificate_required" -> ": it wants a client's certificate";
            case "unknown_ca", "certificate_unknown", "bad_certificate" -> ": it does not trust our certificate";
            case "certificate_expired" -> ": our certificate is over";
            case "unrecognized_name" -> ": it does not know the name " + host;
            case "no_application_protocol" -> ": it speaks none of our application protocols";
            default -> "";
        };
    }

    TlsHandshakeException handshake(Reason reason, String words, @Nullable IOException cause) {
        String what = "TLS handshake with " + name() + ": " + words;
        return new TlsHandshakeException(reason, what, cause == null ? new SSLException(what) : cause);
    }

    private String name() {
        return host == null ? String.valueOf(address) : host + " (" + address + ')';
    }

    private static boolean contains(String text, String... parts) {
        for (String part : parts) {
            if (text.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
