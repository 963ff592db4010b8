package io.samovar.echo;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What happened in a run. Everything here belongs to the loop's thread; recording an answer allocates nothing. */
final class LoadTally {
    /** The histogram's upper end; what takes longer counts as this. */
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Round trips that ended while measuring, in nanoseconds, to three digits. */
    private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);

    private boolean measuring;
    private long begunAt;
    private long elapsedNanos;
    private long answers;
    private long verifiedBytes;
    private int mismatches;
    private int lost;
    private int unanswered;
    private @Nullable String firstFailure;

    /** Begins to measure. */
    void begin() {
        measuring = true;
        begunAt = System.nanoTime();
    }

    /** Ends measuring, if it has begun. */
    void end() {
        if (measuring) {
            measuring = false;
            elapsedNanos = System.nanoTime() - begunAt;
        }
    }

    /** A message has come back whole. */
    void answered(long latencyNanos) {
        answers++;
        if (measuring) {
            latencies.recordValue(Math.min(latencyNanos, LONGEST_NANOS));
        }
    }

    /** Bytes have come back as they should be. */
    void verified(int bytes) {
        verifiedBytes += bytes;
    }

    /** A connection has ended early. */
    void failed(Throwable failure) {
        if (failure instanceof MismatchException) {
            mismatches++;
        } else {
            lost++;
        }
        note(failure instanceof RunFailedException known ? known.sentence() : failure.toString());
    }

    /** So many connections have waited in vain for an answer. */
    void gaveUp(int connections, int seconds) {
        unanswered += connections;
        note("the server left " + (connections == 1 ? "1 connection" : connections + " connections")
                + " without an answer for " + seconds + " seconds");
    }

    private void note(String sentence) {
        if (firstFailure == null) {
            firstFailure = sentence;
        }
    }

    /** Messages that have come back since the run began, warm-up included. */
    long answers() {
        return answers;
    }

    /** Bytes that have come back since the run began, and were right. */
    long verifiedBytes() {
        return verifiedBytes;
    }

    /** What was measured. */
    LoadResult result(LoadPlan plan, String transport, String server, boolean interrupted) {
        return new LoadResult(
                plan,
                transport,
                server,
                elapsedNanos,
                latencies.getTotalCount(),
                Latency.of(latencies),
                verifiedBytes,
                mismatches,
                lost,
                unanswered,
                firstFailure,
                interrupted);
    }
}
