package io.samovar.tests.kqueue;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Installs the kqueue shim, in the JVM that is meant for it, before JUnit looks for tests. */
public final class KqueueShimListener implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        KqueueShim.installIfRequested();
    }
}
