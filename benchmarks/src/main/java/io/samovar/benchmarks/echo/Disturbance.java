package io.samovar.benchmarks.echo;

/**
 * What others did to a window, as shares of its length.
 *
 * @param otherCpu time on any core that neither server nor load generator used; /proc/stat counts in hundredths of a second
 * @param loadWait time in which the load generator could have run and another had its core
 * @param steal time that the host gave to other virtual machines, of all cores
 */
record Disturbance(double otherCpu, double loadWait, double steal) {
    /** Of one core. Below lies what the kernel's own threads and the sampling error make of a quiet machine. */
    private static final double MOST_OTHER_CPU = 0.10;

    private static final double MOST_WAIT = 0.03;
    private static final double MOST_STEAL = 0.03;

    boolean isDisturbed() {
        return otherCpu > MOST_OTHER_CPU || loadWait > MOST_WAIT || steal > MOST_STEAL;
    }
}
