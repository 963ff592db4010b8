package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * What the verifier knows before each instruction, from javac's own stack maps: no class is loaded.
 *
 * <p>Locals and stack are in {@link AnalyzerAdapter}'s form: long and double take two entries, the second being TOP.
 */
final class States {
    /** Locals and stack before one instruction. */
    record State(List<Object> locals, List<Object> stack) {
        Object top() {
            return stack.get(stack.size() - 1);
        }
    }

    private final IdentityHashMap<AbstractInsnNode, State> before = new IdentityHashMap<>();
    /** The NEW that made an uninitialised reference. */
    private final IdentityHashMap<Label, AbstractInsnNode> made = new IdentityHashMap<>();

    /**
     * @param mapsTellAll whether nothing that a stack map has depends on what was before
     * @param wanted the instructions before which the state will be asked for, in their order
     */
    States(String owner, MethodNode method, boolean mapsTellAll, Iterable<? extends AbstractInsnNode> wanted) {
        AnalyzerAdapter adapter =
                new AnalyzerAdapter(Opcodes.ASM9, owner, method.access, method.name, method.desc, null) {};
        AbstractInsnNode next = method.instructions.getFirst();
        for (AbstractInsnNode insn : wanted) {
            next = mapsTellAll ? lastMap(next, insn) : next;
            for (; next != insn; next = next.getNext()) {
                follow(next, adapter);
            }
            if (adapter.locals != null) {
                before.put(insn, new State(new ArrayList<>(adapter.locals), new ArrayList<>(adapter.stack)));
            }
        }
    }

    /** Where to begin on the way from one instruction to another: nobody asks for what was before a stack map. */
    private static AbstractInsnNode lastMap(AbstractInsnNode from, AbstractInsnNode to) {
        AbstractInsnNode insn = to;
        while (insn != from && !(insn instanceof FrameNode)) {
            insn = insn.getPrevious();
        }
        return insn;
    }

    private void follow(AbstractInsnNode insn, AnalyzerAdapter adapter) {
        insn.accept(adapter);
        if (insn.getOpcode() == Opcodes.NEW && adapter.stack != null) {
            made.put((Label) adapter.stack.get(adapter.stack.size() - 1), insn);
        }
    }

    /** The state before {@code insn}, or {@code null} if it is never reached or was not wanted. */
    @Nullable
    State before(AbstractInsnNode insn) {
        return before.get(insn);
    }

    /** The NEW whose object {@code value} is, or {@code null} if it is not an uninitialised reference. */
    @Nullable
    AbstractInsnNode newOf(Object value) {
        return value instanceof Label label ? made.get(label) : null;
    }

    /** The NEW whose object a constructor call initialises, or {@code null} for {@code super(...)}. */
    @Nullable
    AbstractInsnNode newOf(MethodInsnNode constructorCall) {
        State state = before(constructorCall);
        if (state == null) {
            return null;
        }
        int arguments = (Type.getArgumentsAndReturnSizes(constructorCall.desc) >> 2) - 1;
        return newOf(state.stack().get(state.stack().size() - 1 - arguments));
    }

    static String typeOf(AbstractInsnNode newInsn) {
        return ((TypeInsnNode) newInsn).desc;
    }
}
