package io.samovar.tests.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test methods, given as {@code class#method}, in a JVM of its own; it fails unless all of them do their work. */
final class Junit {
    private Junit() {}

    public static void main(String[] methods) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(methods)
                        .map(method -> selectMethod(method))
                        .toList())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.out, true, UTF_8), 30);
        long succeeded = listener.getSummary().getTestsSucceededCount();
        System.out.println(succeeded + " of " + methods.length + " succeeded");
        System.exit(succeeded == methods.length ? 0 : 1);
    }
}
