package io.samovar.tests.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.echo.Main;
import io.samovar.tests.support.AvailableTransports;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's first command. The tag has it run in the JVM of kqueue, too. */
@Tag("transport")
@Timeout(60)
class DemoTest {
    @Test
    void theDemoServesEveryTransportOfThisJvmWithoutAMismatch() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "demo",
                "--duration=1",
                "--warmup=1",
                "--connections=16",
                "--depth=2");
        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        AvailableTransports.all()
                .forEach(transport -> assertThat(out.toString())
                        .as("a row of %s", transport.getName())
                        .containsPattern("(?m)^" + transport.getName() + " +[0-9]"));
    }
}
