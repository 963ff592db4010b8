package io.samovar.echo;

import org.jspecify.annotations.Nullable;

/**
 * What a run has measured.
 *
 * @param transport the transport of the load generator
 * @param server where the server is
 * @param elapsedNanos how long was measured
 * @param messages messages that came back in that time
 * @param verifiedBytes bytes that were compared and right, warm-up included
 * @param mismatches connections on which a wrong byte came back
 * @param lost connections that ended early
 * @param unanswered connections that waited in vain for an answer at the end
 * @param failure the first failure, in one sentence
 * @param interrupted whether the run was ended early from outside
 */
record LoadResult(
        LoadPlan plan,
        String transport,
        String server,
        long elapsedNanos,
        long messages,
        Latency latency,
        long verifiedBytes,
        int mismatches,
        int lost,
        int unanswered,
        @Nullable String failure,
        boolean interrupted) {
    double seconds() {
        return elapsedNanos / 1e9;
    }

    double messagesPerSecond() {
        return elapsedNanos == 0 ? 0 : messages / seconds();
    }

    /** Payload in one direction, in units of 10<sup>6</sup> bytes. */
    double megabytesPerSecond() {
        return messagesPerSecond() * plan.size() / 1e6;
    }

    int errors() {
        return mismatches + lost + unanswered;
    }
}
