package io.samovar.tests.support;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which a buffer was found leaking. Registered for every class by auto-detection. */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Leaks.watch();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = Leaks.take();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked buffer(s), in this class or in one before it:\n"
                    + String.join("\n", leaks));
        }
    }
}
