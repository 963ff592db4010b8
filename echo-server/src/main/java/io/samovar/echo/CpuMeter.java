package io.samovar.echo;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Takes the time that a thread spends on a processor while a run is measured. */
final class CpuMeter implements LoadListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long threadId;
    private final LoadListener next;
    private boolean measuring;
    private long begin;
    private long nanos;

    /**
     * @param next is told everything too
     */
    CpuMeter(Thread thread, LoadListener next) {
        this.threadId = thread.getId();
        this.next = next;
    }

    @Override
    public void entered(LoadPhase phase) {
        if (phase == LoadPhase.MEASURING) {
            measuring = true;
            begin = read();
        } else if (measuring) {
            measuring = false;
            nanos = read() - begin;
        }
        next.entered(phase);
    }

    @Override
    public void second(LoadPhase phase, double messagesPerSecond) {
        next.second(phase, messagesPerSecond);
    }

    @Override
    public void over() {
        next.over();
    }

    private long read() {
        return THREADS.isThreadCpuTimeSupported() ? THREADS.getThreadCpuTime(threadId) : 0;
    }

    /** The time while measuring; call it when the run has ended. */
    long nanos() {
        return nanos;
    }
}
