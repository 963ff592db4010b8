package io.samovar.tests.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is decided when the JVM starts. */
@Timeout(60)
class DebugPropertiesTest {
    @Test
    void aCoroutineThatIsNeverAwaitedIsReported() {
        assertThat(ChildJvm.run(DebugProperties.ForgottenCoroutine.class, "-Dsamovar.debug=true"))
                .contains("debug: true")
                .contains("ForgottenCoroutine.forgotten() was never awaited")
                .contains("ForgottenCoroutine.program(DebugProperties.java:")
                .doesNotContain("remembered() was never awaited")
                .doesNotContain("GeneratorFrame");
    }

    @Test
    void aLoopIsWatchedWithoutBeingAsked() {
        assertThat(ChildJvm.run(DebugProperties.HeldUp.class))
                .contains("told of the usual loop", "told of the other loop");
    }

    @Test
    void aDebuggerIsLeftInPeaceUnlessTheTimeIsSet() {
        String output = ChildJvm.run(
                DebugProperties.HeldUp.class,
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        assertThat(output).contains("told of the other loop").doesNotContain("told of the usual loop");
    }
}
