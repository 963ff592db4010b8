package io.samovar.tests.running;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Programs that are interrupted, each in a Java machine of its own. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill")
class CtrlCTest {
    private static final int INTERRUPTED = 128 + 2;
    private static final int TERMINATED = 128 + 15;

    @Test
    @Tag("R1")
    void ctrlCCancelsTheMainTaskAndThenEndsTheProcessWithItsHooks() throws Exception {
        try (ChildProgram program = new ChildProgram("waiting")) {
            program.prints("> ready");
            program.kill("INT");
            assertThat(program.ends(INTERRUPTED))
                    .containsExactly("> ready", "> future cancelled: true", "> main ends", "> hook");
        }
    }

    @Test
    @Tag("R1")
    void ctrlCBesideTheProgramsOwnCancelIsAnOrdinaryCancellation() throws Exception {
        try (ChildProgram program = new ChildProgram("cancelling itself")) {
            program.prints("> ready");
            program.kill("USR1");
            program.prints("> cancelled once");
            program.kill("INT");
            assertThat(program.ends(0))
                    .containsExactly(
                            "> ready", "> cancels itself", "> cancelled once", "> cancelled", "> main ends", "> hook");
        }
    }

    @Test
    void theSecondCtrlCEndsTheProcessAtOnce() throws Exception {
        try (ChildProgram program = new ChildProgram("cleaning up for ever")) {
            program.prints("> ready");
            program.kill("INT");
            program.prints("> cleaning up");
            program.kill("INT");
            assertThat(program.ends(INTERRUPTED)).containsExactly("> ready", "> cleaning up", "> hook");
        }
    }

    @Test
    void aMainTaskThatSwallowsTheCancellationGoesOn() throws Exception {
        try (ChildProgram program = new ChildProgram("swallowing")) {
            program.prints("> ready");
            program.kill("INT");
            assertThat(program.ends(0))
                    .containsExactly("> ready", "> swallowed", "> result: tea", "> main ends", "> hook");
        }
    }

    @Test
    void whoCatchesTheInterruptGoesOnAndMayBeInterruptedAgain() throws Exception {
        try (ChildProgram program = new ChildProgram("catching")) {
            for (int i = 0; i < 2; i++) {
                program.prints("> ready");
                program.kill("INT");
                program.prints("> caught");
            }
            assertThat(program.ends(0)).endsWith("> goes on");
        }
    }

    @Test
    void inAnotherThreadCtrlCDoesWhatItAlwaysDoes() throws Exception {
        try (ChildProgram program = new ChildProgram("in another thread")) {
            program.prints("> ready");
            program.kill("INT");
            assertThat(program.ends(INTERRUPTED)).containsExactly("> ready", "> hook");
        }
    }

    @Test
    void aProcessThatIgnoresCtrlCGoesOnIgnoringIt() throws Exception {
        try (ChildProgram program = ChildProgram.ignoringInterrupts("swallowing")) {
            program.prints("> ready");
            program.kill("INT");
            program.kill("TERM");
            assertThat(program.ends(TERMINATED)).containsExactly("> ready", "> hook");
        }
    }

    @Test
    void aSignalThatWasWaitedForEndsTheProcessAgainAfterwards() throws Exception {
        try (ChildProgram program = new ChildProgram("stopping well")) {
            program.prints("> ready");
            program.kill("TERM");
            program.prints("> waits to be killed");
            program.kill("TERM");
            assertThat(program.ends(TERMINATED))
                    .containsExactly("> ready", "> stops after TERM", "> waits to be killed", "> hook");
        }
    }

    @Test
    void ctrlCThatWasWaitedForCancelsTheMainTaskAfterwards() throws Exception {
        try (ChildProgram program = new ChildProgram("stopping well")) {
            program.prints("> ready");
            program.kill("INT");
            program.prints("> waits to be killed");
            program.kill("INT");
            assertThat(program.ends(INTERRUPTED))
                    .containsExactly("> ready", "> stops after INT", "> waits to be killed", "> main ends", "> hook");
        }
    }

    @Test
    void aHandlerOfTheProgramsOwnComesFirst() throws Exception {
        try (ChildProgram program = new ChildProgram("handling")) {
            program.prints("> ready");
            program.kill("INT");
            program.prints("> handled");
            program.kill("INT");
            assertThat(program.ends(0))
                    .containsExactly(
                            "> ready", "> handled", "> handled", "> result: handled twice", "> main ends", "> hook");
        }
    }

    @Test
    void whereTheJavaMachineKeepsSignalsToItselfProgramsRunAndHandlersAreRefused() throws Exception {
        try (ChildProgram program = new ChildProgram("without signals", "-Xrs")) {
            assertThat(program.ends(0))
                    .singleElement()
                    .asString()
                    .startsWith("> IllegalArgumentException: ")
                    .contains("SIGINT");
        }
    }

    @Test
    void withoutTheModuleForSignalsProgramsRunAndHandlersAreRefusedWithAHint() throws Exception {
        try (ChildProgram program =
                new ChildProgram("without signals", "--limit-modules=java.base,java.logging,jdk.net")) {
            assertThat(program.ends(0))
                    .singleElement()
                    .asString()
                    .startsWith("> UnsupportedOperationException: ")
                    .contains("--add-modules jdk.unsupported");
        }
    }
}
