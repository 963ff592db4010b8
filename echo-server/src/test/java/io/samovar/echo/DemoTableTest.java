package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTableTest {
    @Test
    void transportsStandSideBySide() {
        List<Demo.Row> rows =
                List.of(new Demo.Row(Results.good(), 3.456), new Demo.Row(Results.withMismatch("a wrong byte"), 4));
        assertThat(DemoTable.text(rows, "us")).isEqualToNormalizingNewlines("""
                        transport    messages/s       MB/s     p50 us     p99 us   p99.9 us      max us  server CPU us/message
                        epoll           123,456     126.42      500.5    1,234.5    5,000.0    12,345.6                   3.46
                        epoll           123,456     126.42      500.5    1,234.5    5,000.0    12,345.6                   4.00  1 error
                        """);
    }
}
