package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.EventLoop;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.tests.support.VirtualLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host may be called, and what becomes of it. */
@Timeout(30)
class HostNameTest {
    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();
    private final List<String> asked = new ArrayList<>();
    private final Resolver resolver = Resolver.blocking(host -> {
        asked.add(host);
        return List.of(InetAddress.getLoopbackAddress());
    });

    private List<InetAddress> find(String host) {
        return loop.runUntilComplete(resolver.resolve(host));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::1, 0:0:0:0:0:0:0:1",
        "[::1], 0:0:0:0:0:0:0:1",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "fe80::1%7, fe80:0:0:0:0:0:0:1%7",
        "[fe80::1%7], fe80:0:0:0:0:0:0:1%7",
        "１２７。0.0.1, 127.0.0.1",
    })
    void anAddressNeverGetsToAThread(String host, String address) {
        assertThat(find(host)).map(InetAddress::getHostAddress).containsExactly(address);
        assertThat(asked).isEmpty();
    }

    @Test
    void anAddressHasNoNameThatItWasNotGiven() {
        assertThat(find("192.0.2.1").get(0)).hasToString("/192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "example.org., example.org.",
        "localhost, localhost",
        "_service.under-score_1, _service.under-score_1",
        "3com.com, 3com.com",
        "1.2.3.4.example, 1.2.3.4.example",
        "bücher.example, xn--bcher-kva.example",
        "ΠΑΡΆΔΕΙΓΜΑ.example, xn--hxajbheg2az3al.example",
    })
    void aNameIsLookedUpInItsAsciiForm(String host, String ascii) {
        assertThat(find(host)).hasSize(1);
        assertThat(asked).containsExactly(ascii);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the name is empty",
                "example.org:80 | it is neither a name nor an IPv6 address",
                "http://example.org/ | it is neither a name nor an IPv6 address",
                "[127.0.0.1] | it is neither a name nor an IPv6 address",
                "[kettle] | it is neither a name nor an IPv6 address",
                "[ | it is neither a name nor an IPv6 address",
                "[] | it is neither a name nor an IPv6 address",
                "1::2::3 | it is neither a name nor an IPv6 address",
                "fe80::1%no-such-interface | it is neither a name nor an IPv6 address",
                "' ' | a name has no ' '",
                "kettle/pot | a name has no '/'",
                "user@kettle | a name has no '@'",
                ". | each part of a name has 1 to 63 characters",
                "a..b | each part of a name has 1 to 63 characters",
                ".a | each part of a name has 1 to 63 characters",
                "ä..b | it has no form in ASCII",
                "127.1 | it ends in a number and is not an IPv4 address, which is four numbers from 0 to 255",
                "256.0.0.1 | it ends in a number",
                "127.0.0.01 | it ends in a number",
                "127.0.0.1. | it ends in a number",
                "2130706433 | it ends in a number",
                "0x7f000001 | it ends in a number",
                "kettle.0x | it ends in a number",
            })
    void whatCannotBeAHostIsRefusedWithoutAskingAnybody(String host, String reason) {
        assertThatThrownBy(() -> find(host))
                .isInstanceOfSatisfying(HostNotFoundException.class, failure -> {
                    assertThat(failure.host()).isEqualTo(host);
                    assertThat(failure.mayBeTemporary()).isFalse();
                })
                .hasMessageStartingWith("cannot resolve '" + host + "': " + reason);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org\0.evil.example", "\0", "127.0.0.1\0", "kettle\r\nX: y", "kettle\t", "::1\0"})
    void controlCharactersAreRefusedAndDoNotGetIntoTheMessage(String host) {
        assertThatThrownBy(() -> find(host))
                .isInstanceOfSatisfying(
                        HostNotFoundException.class,
                        failure -> assertThat(failure.host()).isEqualTo(host))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
        assertThat(asked).isEmpty();
    }

    @Test
    void namesOfEveryLengthThatIsAllowedAreLookedUp() {
        String label = "a".repeat(63);
        String longest = label + '.' + label + '.' + label + '.' + "a".repeat(61);
        assertThat(find(longest)).hasSize(1);
        assertThat(find(longest + '.')).hasSize(1);
        assertThatThrownBy(() -> find(longest + 'a')).hasMessageEndingWith("a name has at most 253 characters");
        assertThatThrownBy(() -> find(label + 'a')).hasMessageEndingWith("each part of a name has 1 to 63 characters");
        assertThat(asked).containsExactly(longest, longest + '.');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pot: Name or service not known | false | Name or service not known",
                "pot: No address associated with hostname | false | No address associated with hostname",
                "pot: nodename nor servname provided, or not known | false | nodename nor servname provided, or not known",
                "pot: Name does not resolve | false | Name does not resolve",
                "pot: No such host is known (pot) | false | No such host is known (pot)",
                "pot: Temporary failure in name resolution | true | Temporary failure in name resolution",
                "pot: Try again | true | Try again",
                "pot: nodename nor servname could not be found | true | nodename nor servname could not be found",
                "pot | true | no reason was given",
                "| true | no reason was given",
            })
    void aFailureSaysWhetherItMayBeTemporary(String message, boolean mayBeTemporary, String reason) {
        Resolver failing = Resolver.blocking(host -> {
            throw new UnknownHostException(message);
        });
        assertThatThrownBy(() -> loop.runUntilComplete(failing.resolve("pot")))
                .isInstanceOfSatisfying(
                        HostNotFoundException.class,
                        failure -> assertThat(failure.mayBeTemporary()).isEqualTo(mayBeTemporary))
                .hasMessage("cannot resolve 'pot': " + reason);
    }

    @Test
    void anyCheckedExceptionOfALookUpIsAHostThatWasNotFound() {
        Resolver failing = Resolver.blocking(host -> {
            throw new javax.naming.CommunicationException("the directory is down");
        });
        assertThatThrownBy(() -> loop.runUntilComplete(failing.resolve("pot")))
                .isInstanceOf(HostNotFoundException.class)
                .hasMessage("cannot resolve 'pot': the directory is down")
                .hasRootCauseInstanceOf(javax.naming.CommunicationException.class);
    }

    @Test
    void aHostWithoutAnAddressIsNotFound() {
        assertThatThrownBy(() -> loop.runUntilComplete(
                        Resolver.blocking(host -> List.of()).resolve("pot")))
                .isInstanceOf(HostNotFoundException.class)
                .hasMessage("cannot resolve 'pot': it has no address");
    }

    @Test
    void anAddressKeepsItsScopeAndIsGivenOnce() throws UnknownHostException {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, linkLocal, 7);
        InetAddress plain = InetAddress.getByName("2001:db8::1");
        Resolver twice = Resolver.blocking(host -> List.of(scoped, plain, scoped));
        assertThat(loop.runUntilComplete(twice.resolve("pot")))
                .map(InetAddress::toString)
                .containsExactly("pot/fe80:0:0:0:0:0:0:1%7", "pot/2001:db8:0:0:0:0:0:1");
    }
}
