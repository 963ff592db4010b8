package io.samovar.tests.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes by JUnit's launcher, whichever version is on the class path. */
final class JunitRun {
    private JunitRun() {}

    /** What came of each test, by its name and what is around it; no failure is an empty text. */
    static Map<String, String> of(Class<?>... classes) {
        Map<String, String> outcomes = new TreeMap<>();
        for (Class<?> tests : classes) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(tests))
                                    .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                                    .build(),
                            new Outcomes(tests.getSimpleName(), outcomes));
        }
        return outcomes;
    }

    private record Outcomes(String prefix, Map<String, String> outcomes) implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getThrowable().isPresent()) {
                String name = prefix + "." + test.getLegacyReportingName();
                outcomes.put(name, result.getThrowable().map(Outcomes::text).orElse(""));
            }
        }

        private static String text(Throwable failure) {
            StringBuilder text = new StringBuilder(failure.toString());
            for (Throwable suppressed : failure.getSuppressed()) {
                text.append("\nsuppressed: ").append(suppressed);
            }
            return text.toString();
        }
    }

    /** Prints what came of the classes that are named. */
    public static void main(String[] names) throws ClassNotFoundException {
        System.out.println("JUnit is "
                + LauncherFactory.class.getProtectionDomain().getCodeSource().getLocation());
        for (String name : names) {
            of(Class.forName(name))
                    .forEach((test, outcome) -> System.out.println(
                            test + " -> " + outcome.lines().findFirst().orElse("")));
        }
    }
}
