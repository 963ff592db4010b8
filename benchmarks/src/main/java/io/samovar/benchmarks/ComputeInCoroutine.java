package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import java.time.Duration;

/** What {@link Compute} runs as coroutines; {@link ComputeInMethod} is the same without await. */
final class ComputeInCoroutine {
    private ComputeInCoroutine() {}

    static Coroutine<Long> of(Compute.Shape shape, Compute.Data data) {
        return switch (shape) {
            case SUM -> sum(data.ints);
            case HASH -> hash(data.ints);
            case DOUBLES -> doubles(data.doubles);
            case BRANCH -> branch(data.ints);
            case WRITES -> writes(data.ints, data.written);
            case AROUND -> around(data.ints);
            case FOREVER -> forever(data.ints);
            case IN_TRY -> inTry(data.ints);
        };
    }

    private static Coroutine<Integer> child(int o) {
        if (o % Compute.SUSPENDS_ONCE_IN == 0) {
            await(Async.sleep(Duration.ZERO));
        }
        return Coroutine.of(o & 63);
    }

    private static Coroutine<Long> sum(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            int s = 0;
            for (int i = 0; i < ints.length; i++) {
                s += ints[i] * o;
            }
            total += s + await(child(o));
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Long> hash(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            long s = o;
            for (int i = 0; i < ints.length; i++) {
                s = s * 31 + ints[i];
            }
            total += s + await(child(o));
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Long> doubles(double[] doubles) {
        double total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            double s = o;
            for (int i = 0; i < Compute.SIDE; i++) {
                for (int j = 0; j < Compute.SIDE; j++) {
                    s += doubles[i * Compute.SIDE + j] * doubles[j * Compute.SIDE + i];
                }
            }
            total += s + await(child(o));
        }
        return Coroutine.of((long) total);
    }

    private static Coroutine<Long> branch(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            long s = 0;
            for (int i = 0; i < ints.length; i++) {
                if (ints[i] > Compute.RARE) {
                    s += ints[i] / 7;
                } else {
                    s ^= ints[i] + o;
                }
            }
            total += s + await(child(o));
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Long> writes(int[] ints, int[] written) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            for (int i = 0; i < ints.length; i++) {
                written[i] += ints[i] * o;
            }
            total += written[o] + await(child(o));
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Long> around(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            long before = o;
            for (int i = 0; i < ints.length / 2; i++) {
                before = before * 31 + ints[i];
            }
            long after = before + await(child(o));
            for (int i = ints.length / 2; i < ints.length; i++) {
                after = after * 17 + ints[i];
            }
            total += after;
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Long> forever(int[] ints) {
        long total = 0;
        int o = 0;
        while (true) {
            long s = o;
            for (int i = 0; i < ints.length; i++) {
                s = s * 31 + ints[i];
            }
            total += s + await(child(o));
            if (++o == Compute.OUTER) {
                return Coroutine.of(total);
            }
        }
    }

    private static Coroutine<Long> inTry(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            try {
                long s = o;
                for (int i = 0; i < ints.length; i++) {
                    s = s * 31 + ints[i];
                }
                total += s + await(child(o));
            } catch (IllegalStateException never) {
                total--;
            } finally {
                total++;
            }
        }
        return Coroutine.of(total);
    }
}
