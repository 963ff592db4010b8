package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.compiler.check.CheckOptions;
import io.samovar.compiler.check.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The messages of the coroutine compiler and their page in the documentation say the same. */
class MessagesTest {
    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "coroutines.md")).replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @EnumSource
    void thePageHasEveryMessage(Message message) throws IOException {
        assertThat(page()).contains("`" + message.text() + "`");
    }

    @Test
    void thePageHasEveryOption() throws IOException {
        assertThat(page())
                .contains(CheckOptions.names().stream()
                        .map(option -> "`-A" + option + "=")
                        .toList());
    }

    @Test
    void aMessageIsFilledInFully() {
        assertThat(Message.HELD_LOCK.with("lock$1", "12")).startsWith("await while lock$1 is locked (line 12): ");
        assertThatThrownBy(() -> Message.HELD_LOCK.with("lock")).hasMessageContaining("HELD_LOCK");
        assertThatThrownBy(() -> Message.LOST_COROUTINE.with("more")).hasMessageContaining("LOST_COROUTINE");
    }
}
