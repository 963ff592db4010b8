package io.samovar.benchmarks;

import org.openjdk.jmh.annotations.CompilerControl;

/** {@link ComputeInCoroutine} without await. */
final class ComputeInMethod {
    private ComputeInMethod() {}

    static long of(Compute.Shape shape, Compute.Data data) {
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

    /** Not inlined, as a coroutine's frame is not always. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static int child(int o) {
        return o & 63;
    }

    private static long sum(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            int s = 0;
            for (int i = 0; i < ints.length; i++) {
                s += ints[i] * o;
            }
            total += s + child(o);
        }
        return total;
    }

    private static long hash(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            long s = o;
            for (int i = 0; i < ints.length; i++) {
                s = s * 31 + ints[i];
            }
            total += s + child(o);
        }
        return total;
    }

    private static long doubles(double[] doubles) {
        double total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            double s = o;
            for (int i = 0; i < Compute.SIDE; i++) {
                for (int j = 0; j < Compute.SIDE; j++) {
                    s += doubles[i * Compute.SIDE + j] * doubles[j * Compute.SIDE + i];
                }
            }
            total += s + child(o);
        }
        return (long) total;
    }

    private static long branch(int[] ints) {
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
            total += s + child(o);
        }
        return total;
    }

    private static long writes(int[] ints, int[] written) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            for (int i = 0; i < ints.length; i++) {
                written[i] += ints[i] * o;
            }
            total += written[o] + child(o);
        }
        return total;
    }

    private static long around(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            long before = o;
            for (int i = 0; i < ints.length / 2; i++) {
                before = before * 31 + ints[i];
            }
            long after = before + child(o);
            for (int i = ints.length / 2; i < ints.length; i++) {
                after = after * 17 + ints[i];
            }
            total += after;
        }
        return total;
    }

    private static long forever(int[] ints) {
        long total = 0;
        int o = 0;
        while (true) {
            long s = o;
            for (int i = 0; i < ints.length; i++) {
                s = s * 31 + ints[i];
            }
            total += s + child(o);
            if (++o == Compute.OUTER) {
                return total;
            }
        }
    }

    private static long inTry(int[] ints) {
        long total = 0;
        for (int o = 0; o < Compute.OUTER; o++) {
            try {
                long s = o;
                for (int i = 0; i < ints.length; i++) {
                    s = s * 31 + ints[i];
                }
                total += s + child(o);
            } catch (IllegalStateException never) {
                total--;
            } finally {
                total++;
            }
        }
        return total;
    }
}
