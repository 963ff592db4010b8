package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    @Test
    void theTableIsForPeople() {
        assertThat(LoadReport.text(Results.good(), "us")).isEqualToNormalizingNewlines("""
                        64 connections, messages of 1,024 bytes, depth 8 to 127.0.0.1:7007, transport epoll
                        measured 2.0 s after 0.5 s of warm-up

                          messages/s               123,456
                          MB/s                      126.42  payload, one way
                          mean latency               518.2  us
                          p50                        500.5
                          p90                        620.3
                          p99                      1,234.5
                          p99.9                    5,000.0
                          max                     12,345.6
                          errors                         0
                        """);
    }

    @Test
    void theTableSaysWhichErrors() {
        assertThat(LoadReport.text(Results.withMismatch("a wrong byte"), "us"))
                .contains(
                        "errors                         1  connections: 1 with a wrong byte, 0 lost, 0 without an answer");
    }

    @Test
    void jsonIsOneObjectOnOneLine() {
        assertThat(LoadReport.json(Results.good())).isEqualToNormalizingNewlines("""
                        {"server":"127.0.0.1:7007","transport":"epoll","connections":64,"size":1024,"depth":8,\
                        "warmup_seconds":0.500,"seconds":2.000,"messages":246912,"messages_per_second":123456.0,\
                        "megabytes_per_second":126.419,"latency_us":{"mean":518.2,"p50":500.5,"p90":620.3,"p99":1234.5,\
                        "p99.9":5000.0,"max":12345.6},"verified_bytes":999000000,"mismatches":0,"lost_connections":0,\
                        "unanswered_connections":0,"failure":null,"interrupted":false}
                        """);
    }

    @Test
    void jsonQuotesWhatMustBeQuoted() {
        assertThat(LoadReport.json(Results.withMismatch("a \"b\" \\ \u00b5\n")))
                .contains("\"failure\":\"a \\\"b\\\" \\\\ \\u00b5\\u000a\"");
    }

    @Test
    void aRunThatMeasuredNothingHasNoRates() {
        LoadTally tally = new LoadTally();
        LoadPlan plan = new LoadPlan(1, 1, 1, Duration.ZERO, Duration.ZERO);
        LoadResult nothing = tally.result(plan, "nio", "127.0.0.1:1", true);
        assertThat(nothing.messagesPerSecond()).isZero();
        assertThat(nothing.latency()).isEqualTo(Latency.of(new Histogram(3)));
        assertThat(LoadReport.text(nothing, "us"))
                .startsWith("1 connection, messages of 1 byte, depth 1 to 127.0.0.1:1, transport nio")
                .contains("measured 0.0 s (ended early)")
                .doesNotContain("NaN");
    }

    @Test
    void onlyWhatEndsWhileMeasuringIsRecorded() {
        LoadTally tally = new LoadTally();
        tally.answered(1_000);
        tally.begin();
        tally.answered(2_000_000);
        tally.end();
        tally.answered(3_000);
        LoadResult result =
                tally.result(new LoadPlan(1, 1, 1, Duration.ZERO, Duration.ZERO), "nio", "127.0.0.1:1", false);
        assertThat(result.messages()).isEqualTo(1);
        assertThat(result.latency().p50()).isBetween(1_999.0, 2_001.0);
        assertThat(tally.answers()).isEqualTo(3);
    }
}
