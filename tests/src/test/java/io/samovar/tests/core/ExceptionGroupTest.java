package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.ExceptionGroup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionGroupTest {
    private final IOException io = new IOException("io");
    private final FileNotFoundException missing = new FileNotFoundException("missing");
    private final IllegalStateException state = new IllegalStateException("state");
    private final AssertionError error = new AssertionError("error");

    @Test
    void theMessageCountsTheMembers() {
        assertThat(new ExceptionGroup("broken", List.of(io))).hasMessage("broken (1 sub-exception)");
        assertThat(new ExceptionGroup("broken", List.of(io, state))).hasMessage("broken (2 sub-exceptions)");
    }

    @Test
    void aGroupWithoutMembersIsRefused() {
        assertThatThrownBy(() -> new ExceptionGroup("broken", List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void membersAreOfAnyKindAndCannotBeChanged() {
        ExceptionGroup group = new ExceptionGroup("broken", List.of(io, error));
        assertThat(group.exceptions()).containsExactly(io, error);
        assertThatThrownBy(() -> group.exceptions().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aStackTraceShowsTheMembersAndThoseOfTheirGroups() {
        ExceptionGroup inner = new ExceptionGroup("inner", List.of(missing));
        ExceptionGroup outer = new ExceptionGroup("outer", List.of(io, inner));
        StringWriter printed = new StringWriter();
        outer.printStackTrace(new PrintWriter(printed, true));
        assertThat(printed.toString())
                .contains(
                        "io.samovar.ExceptionGroup: outer (2 sub-exceptions)",
                        "\tSuppressed: java.io.IOException: io",
                        "\tSuppressed: io.samovar.ExceptionGroup: inner (1 sub-exception)",
                        "\t\tSuppressed: java.io.FileNotFoundException: missing");
    }

    @Test
    void aGroupIsSplitByType() {
        ExceptionGroup group = new ExceptionGroup("broken", List.of(io, state, missing));
        ExceptionGroup.Split split = group.split(IOException.class);
        assertThat(split.matching().exceptions()).containsExactly(io, missing);
        assertThat(split.matching())
                .hasMessage("broken (2 sub-exceptions)")
                .hasStackTraceContaining("ExceptionGroupTest");
        assertThat(split.rest().exceptions()).containsExactly(state);
    }

    @Test
    void innerGroupsAreSplitTooAndKeepTheirShape() {
        ExceptionGroup inner = new ExceptionGroup("inner", List.of(missing, error));
        ExceptionGroup group = new ExceptionGroup("outer", List.of(state, inner));
        ExceptionGroup.Split split = group.split(IOException.class);
        assertThat(split.matching().exceptions()).singleElement().isInstanceOfSatisfying(ExceptionGroup.class, part -> {
            assertThat(part).hasMessage("inner (1 sub-exception)");
            assertThat(part.exceptions()).containsExactly(missing);
        });
        assertThat(split.rest().exceptions()).hasSize(2).first().isSameAs(state);
    }

    @Test
    void aGroupThatMatchesAsAWholeIsNotTakenApart() {
        ExceptionGroup inner = new ExceptionGroup("inner", List.of(io));
        ExceptionGroup group = new ExceptionGroup("outer", List.of(inner, io));
        assertThat(group.split(RuntimeException.class)).isEqualTo(new ExceptionGroup.Split(group, null));
        assertThat(group.split(IOException.class)).isEqualTo(new ExceptionGroup.Split(group, null));
        assertThat(group.split(Error.class)).isEqualTo(new ExceptionGroup.Split(null, group));
        ExceptionGroup.Split byMessage = group.split(failure -> failure == inner);
        assertThat(byMessage.matching().exceptions()).containsExactly(inner);
        assertThat(byMessage.rest().exceptions()).containsExactly(io);
    }

    @Test
    void aSubgroupIsWhatMatches() {
        ExceptionGroup group = new ExceptionGroup("broken", List.of(io, state));
        assertThat(group.subgroup(IOException.class).exceptions()).containsExactly(io);
        assertThat(group.subgroup(failure -> failure == state).exceptions()).containsExactly(state);
        assertThat(group.subgroup(Error.class)).isNull();
    }

    @Test
    void aPartKeepsTheCauseAndWhatWasSuppressedBesides() {
        ExceptionGroup group = new ExceptionGroup("broken", List.of(io, state));
        group.initCause(error);
        group.addSuppressed(missing);
        ExceptionGroup part = group.subgroup(IllegalStateException.class);
        assertThat(part).hasCause(error);
        assertThat(part.getSuppressed()).containsExactly(state, missing);
    }

    @Test
    void theSameFailureMayBeAMemberTwice() {
        ExceptionGroup group = new ExceptionGroup("broken", List.of(io, io));
        StringWriter printed = new StringWriter();
        group.printStackTrace(new PrintWriter(printed, true));
        assertThat(printed.toString()).contains("CIRCULAR REFERENCE");
        assertThat(group.subgroup(IOException.class)).isSameAs(group);
    }

    @Test
    void aGroupCanBeSerialized() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ExceptionGroup("broken", List.of(io)));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            ExceptionGroup copy = (ExceptionGroup) in.readObject();
            assertThat(copy.exceptions()).singleElement().isInstanceOf(IOException.class);
        }
    }
}
