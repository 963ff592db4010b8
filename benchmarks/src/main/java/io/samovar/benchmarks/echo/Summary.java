package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.Median;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Medians over the rounds. Of each round the first window counts that nobody has disturbed. Where all of a server's rounds were
 * disturbed they count nevertheless, and are marked; and so it is with the pairs that a ratio is taken of.
 */
final class Summary {
    private final Collection<Sample> samples;

    Summary(Collection<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    /**
     * A figure.
     *
     * @param value the median, or NaN if there is none
     * @param ratio the median of the ratios to C within each round, or NaN if there is none
     * @param disturbed no round without disturbance has gone into one of the two
     */
    record Figure(double value, double ratio, boolean disturbed) {}

    /** Scenarios that were measured, in order. */
    List<Scenario> scenarios() {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> samples.stream().anyMatch(sample -> sample.scenario() == scenario))
                .toList();
    }

    /** Servers that were measured, in order. */
    List<Server> servers() {
        return Arrays.stream(Server.values())
                .filter(server -> samples.stream().anyMatch(sample -> sample.server() == server))
                .toList();
    }

    /** Windows in which others disturbed, of all. */
    long disturbed() {
        return samples.stream()
                .filter(sample -> sample.disturbance().isDisturbed())
                .count();
    }

    int windows() {
        return samples.size();
    }

    /** How many rounds the figures are from, and of how many if some were left out. */
    String rounds(Scenario scenario, Server server) {
        Map<Integer, Sample> all = counted(scenario, server);
        int quiet = quiet(all).size();
        return quiet == all.size() ? "" + quiet : quiet + " of " + all.size();
    }

    Figure figure(Scenario scenario, Server server, Measure measure) {
        Map<Integer, Sample> own = counted(scenario, server);
        Map<Integer, Sample> base = counted(scenario, Server.C);
        Map<Integer, Sample> quiet = quiet(own);
        double value = median(quiet.isEmpty() ? own : quiet, measure::of);
        Map<Integer, Sample> pairs = withPartner(quiet, quiet(base));
        boolean anyPair = !pairs.isEmpty();
        double ratio = median(
                anyPair ? pairs : withPartner(own, base),
                sample -> measure.of(sample) / measure.of(Objects.requireNonNull(base.get(sample.round()))));
        return new Figure(value, ratio, quiet.isEmpty() || (!anyPair && !Double.isNaN(ratio)));
    }

    /** The sample of each round that counts; none where the answers were wrong. */
    private Map<Integer, Sample> counted(Scenario scenario, Server server) {
        Map<Integer, Sample> rounds = new TreeMap<>();
        for (Sample sample : samples) {
            if (sample.scenario() == scenario && sample.server() == server && sample.isRight()) {
                rounds.merge(sample.round(), sample, Summary::better);
            }
        }
        return rounds;
    }

    private static Sample better(Sample earlier, Sample later) {
        return earlier.disturbance().isDisturbed() ? later : earlier;
    }

    private static Map<Integer, Sample> quiet(Map<Integer, Sample> rounds) {
        Map<Integer, Sample> quiet = new LinkedHashMap<>(rounds);
        quiet.values().removeIf(sample -> sample.disturbance().isDisturbed());
        return quiet;
    }

    private static Map<Integer, Sample> withPartner(Map<Integer, Sample> rounds, Map<Integer, Sample> partners) {
        Map<Integer, Sample> both = new LinkedHashMap<>(rounds);
        both.keySet().retainAll(partners.keySet());
        return both;
    }

    private static double median(Map<Integer, Sample> rounds, ToDoubleFunction<Sample> value) {
        double[] values = rounds.values().stream().mapToDouble(value).toArray();
        return values.length == 0 ? Double.NaN : Median.of(values);
    }
}
