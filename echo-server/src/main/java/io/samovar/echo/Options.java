package io.samovar.echo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What values of options look like, and which are allowed. */
final class Options {
    private Options() {}

    /** A whole number from {@code least} to {@code most}. */
    abstract static class Range implements ITypeConverter<Integer> {
        private final int least;
        private final int most;

        Range(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Integer convert(String value) {
            if (value.matches("\\d{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new TypeConversionException("'" + value + "' is not a whole number from " + least + " to " + most);
        }
    }

    /** A port to listen on; 0 lets the system choose. */
    static final class ListenPort extends Range {
        ListenPort() {
            super(0, 65_535);
        }
    }

    /** A port to connect to. */
    static final class Port extends Range {
        Port() {
            super(1, 65_535);
        }
    }

    /** Connections that wait to be accepted. */
    static final class Backlog extends Range {
        Backlog() {
            super(1, 1_000_000);
        }
    }

    /** Connections of a load generator: each has its own place in the pattern. */
    static final class Connections extends Range {
        Connections() {
            super(1, 65_000);
        }
    }

    /** Messages in flight on one connection. */
    static final class Depth extends Range {
        Depth() {
            super(1, 10_000);
        }
    }

    /** Bytes: {@code 64}, {@code 1k}, {@code 100k}, {@code 1m}. */
    static final class Size implements ITypeConverter<Integer> {
        private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})([km]?)");
        private static final int MOST = 64 << 20;

        Size() {}

        @Override
        public Integer convert(String value) {
            Matcher parts = FORMAT.matcher(value.toLowerCase(Locale.ROOT));
            if (parts.matches()) {
                int shift = parts.group(2).isEmpty() ? 0 : parts.group(2).equals("k") ? 10 : 20;
                long bytes = Long.parseLong(parts.group(1)) << shift;
                if (bytes >= 1 && bytes <= MOST) {
                    return (int) bytes;
                }
            }
            throw new TypeConversionException("'" + value + "' is not a size from 1 to 64m, such as 64, 1k or 100k");
        }
    }

    /** Seconds, with or without a fraction. */
    static final class Seconds implements ITypeConverter<Duration> {
        private static final Pattern FORMAT = Pattern.compile("\\d{1,6}(\\.\\d{1,9})?");

        Seconds() {}

        @Override
        public Duration convert(String value) {
            if (!FORMAT.matcher(value).matches()) {
                throw new TypeConversionException("'" + value + "' is not a number of seconds, such as 5 or 0.5");
            }
            return Duration.ofNanos(new BigDecimal(value).movePointRight(9).longValueExact());
        }
    }
}
