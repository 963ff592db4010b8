package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the system's resolver says, in a JVM that knows names from a file alone and asks no server. */
@Timeout(60)
class SystemResolverTest {
    @Test
    void namesAndAddressesAreThoseOfTheSystem(@TempDir Path folder) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "198.51.100.7 kettle\n2001:db8::7 kettle\n");
        String printed =
                ChildJvm.run(NamesMain.class, "-Djdk.net.hosts.file=" + hosts, "-Djava.net.preferIPv6Addresses=true");
        assertThat(printed.lines().filter(line -> line.startsWith("> ")).map(line -> line.substring(2)))
                .satisfiesExactly(
                        addresses ->
                                assertThat(addresses).isEqualTo("[kettle/2001:db8:0:0:0:0:0:7, kettle/198.51.100.7]"),
                        name -> assertThat(name).isEqualTo("kettle"),
                        noName -> assertThat(noName).isEqualTo("198.51.100.8"),
                        scoped -> assertThat(scoped).isEqualTo("0:0:0:0:0:0:0:0%7"),
                        notFound -> assertThat(notFound).startsWith("cannot resolve 'nobody': "),
                        remembered ->
                                assertThat(remembered).isEqualTo("cannot resolve 'nobody': no reason was given true"));
    }
}
