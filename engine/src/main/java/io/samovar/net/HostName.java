package io.samovar.net;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a program gives as a host, when it can be one.
 *
 * @param given as the program gave it
 * @param ascii the same as name services know it
 * @param address if it is one, so that nobody has to be asked
 */
record HostName(String given, String ascii, @Nullable InetAddress address) {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    /** What systems take for an IPv4 address of some other form, each in its own way: 127.1, 0177.0.0.1, 0x7f000001. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    private static final Pattern UNUSUAL = Pattern.compile("[^a-zA-Z0-9._-]");
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cntrl}");

    /**
     * Asks nobody and does not block.
     *
     * @throws HostNotFoundException if it can be neither a name nor an address
     */
    static HostName parse(String host) {
        if (host.isEmpty()) {
            throw HostNotFoundException.forGood(host, "the name is empty");
        }
        String ascii = toAscii(host);
        if (ascii.indexOf(':') >= 0 || ascii.charAt(0) == '[') { // URI.getHost() gives brackets
            return new HostName(host, ascii, ipv6(host, ascii));
        }
        if (IPV4.matcher(ascii).matches()) {
            return new HostName(host, ascii, literal(host, ascii));
        }
        checkName(host, ascii);
        return new HostName(host, ascii, null);
    }

    private static String toAscii(String host) {
        if (host.chars().allMatch(letter -> letter < 0x80)) {
            return host;
        }
        try {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException noName) {
            throw HostNotFoundException.forGood(host, "it has no form in ASCII (" + noName.getMessage() + ')');
        }
    }

    private static InetAddress ipv6(String host, String ascii) {
        return literal(host, ascii.charAt(0) == '[' ? ascii : '[' + ascii + ']');
    }

    /** Of a text that the JDK never looks up: four numbers, or anything in brackets. */
    private static InetAddress literal(String host, String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException noAddress) {
            String reason = "it is neither a name nor an IPv6 address (" + noAddress.getMessage() + ')';
            throw new HostNotFoundException(host, reason, false, noAddress);
        }
    }

    private static void checkName(String host, String ascii) {
        var unusual = UNUSUAL.matcher(ascii);
        if (unusual.find()) {
            throw HostNotFoundException.forGood(host, "a name has no '" + unusual.group() + '\'');
        }
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.length() > LONGEST_NAME) {
            throw HostNotFoundException.forGood(host, "a name has at most " + LONGEST_NAME + " characters");
        }
        String last = "";
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                throw HostNotFoundException.forGood(
                        host, "each part of a name has 1 to " + LONGEST_LABEL + " characters");
            }
            last = label;
        }
        if (NUMBER.matcher(last).matches()) {
            throw HostNotFoundException.forGood(
                    host, "it ends in a number and is not an IPv4 address, which is four numbers from 0 to 255");
        }
    }

    /** What a resolver has found, each address once and with its host's name, so that messages and the address itself know it. */
    List<InetAddress> atLeastOne(List<InetAddress> found) {
        if (found.isEmpty()) {
            throw HostNotFoundException.forGood(given, "it has no address");
        }
        Set<InetAddress> named = new LinkedHashSet<>();
        for (InetAddress address : found) {
            named.add(named(address));
        }
        return List.copyOf(named);
    }

    private InetAddress named(InetAddress address) {
        byte[] bytes = address.getAddress();
        try {
            if (!(address instanceof Inet6Address scoped) || scoped.getScopeId() == 0) {
                return InetAddress.getByAddress(ascii, bytes);
            }
            return scoped.getScopedInterface() == null
                    ? Inet6Address.getByAddress(ascii, bytes, scoped.getScopeId())
                    : Inet6Address.getByAddress(ascii, bytes, scoped.getScopedInterface());
        } catch (UnknownHostException gone) { // the interface of its scope
            return address;
        }
    }

    /** For messages: whatever a program was fed must not reach a terminal or a log as it is. */
    static String printable(String text) {
        return UNPRINTABLE
                .matcher(text)
                .replaceAll(
                        match -> String.format("\\\\u%04x", (int) match.group().charAt(0)));
    }
}
