package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "64, 64", "1k, 1024", "100K, 102400", "1m, 1048576", "64M, 67108864"})
    void sizesHaveSuffixes(String text, int bytes) {
        assertThat(new Options.Size().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "k", "1g", "1.5k", "64 ", "65m", "999999999m", "9999999999"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> new Options.Size().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a size from 1 to 64m, such as 64, 1k or 100k");
    }

    @Test
    void secondsMayHaveAFraction() {
        assertThat(new Options.Seconds().convert("0")).isEqualTo(Duration.ZERO);
        assertThat(new Options.Seconds().convert("10")).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Options.Seconds().convert("0.25")).isEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1s", ".5", "1.", "1e3", "9999999"})
    void otherSecondsAreRefused(String text) {
        assertThatThrownBy(() -> new Options.Seconds().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a number of seconds, such as 5 or 0.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "http", "99999999999"})
    void portsHaveARange(String text) {
        assertThat(new Options.Port().convert("65535")).isEqualTo(65_535);
        assertThatThrownBy(() -> new Options.Port().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a whole number from 1 to 65535");
    }
}
