package io.samovar.compiler.weave;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Turns the returns of coroutines into returns of values.
 *
 * <p>{@code return Coroutine.of(x)} returns x. Another coroutine is a tail call, for which the caller's loop takes over; but
 * inside a {@code try} it is awaited on the spot, because a reader expects the {@code try} to see its failure. javac stores
 * the value of a {@code return} whose {@code finally} is still to run, so there the await comes before the store.
 */
final class Returns {
    private final MethodNode method;
    private final InsnList code;

    /** The return instructions that hand over a coroutine, to be made tail calls. */
    final List<AbstractInsnNode> tails = new ArrayList<>();

    Returns(MethodNode method) {
        this.method = method;
        this.code = method.instructions;
    }

    void rewrite() {
        Liveness liveness = new Liveness(method);
        List<AbstractInsnNode> returns = new ArrayList<>();
        for (AbstractInsnNode insn : code) {
            if (insn.getOpcode() == Opcodes.ARETURN) {
                returns.add(insn);
            }
        }
        for (AbstractInsnNode insn : returns) {
            AbstractInsnNode before = previousOnTheSamePath(insn);
            List<VarInsnNode> parked = before == null ? List.of() : parkedAcrossFinally(before, liveness);
            if (!parked.isEmpty()) {
                parked.forEach(store -> park(store, liveness));
            } else if (!unwrap(before)) {
                List<TryCatchBlockNode> around = blocksAround(insn);
                if (around.isEmpty()) {
                    tails.add(insn);
                } else {
                    LabelNode end = new LabelNode();
                    code.insertBefore(insn, awaitCall());
                    code.insertBefore(insn, end);
                    around.forEach(block -> block.end = code.indexOf(block.end) < code.indexOf(end) ? end : block.end);
                }
            }
        }
    }

    /** Replaces {@code Coroutine.of(x)} by x and {@code Coroutine.done()} by null. */
    private boolean unwrap(@Nullable AbstractInsnNode producer) {
        if (producer == null) {
            return false;
        }
        if (Names.isOf(producer)) {
            code.remove(producer);
            return true;
        }
        if (Names.isDone(producer)) {
            code.set(producer, new InsnNode(Opcodes.ACONST_NULL));
            return true;
        }
        return false;
    }

    private void park(VarInsnNode store, Liveness liveness) {
        // The variable holds a value from here to the load, where javac's stack maps say that it is a coroutine.
        retype(store, liveness);
        if (!unwrap(previousOnTheSamePath(store))) {
            code.insertBefore(store, awaitCall());
        }
    }

    private void retype(VarInsnNode store, Liveness liveness) {
        Deque<Integer> open = new ArrayDeque<>(liveness.successors(code.indexOf(store)));
        BitSet seen = new BitSet();
        while (!open.isEmpty()) {
            int index = open.pop();
            if (seen.get(index)) {
                continue;
            }
            seen.set(index);
            AbstractInsnNode insn = code.get(index);
            // Handlers in the finally declare the variable too, though they never read it.
            boolean gone = insn instanceof FrameNode frame && !setLocal(frame, store.var);
            boolean overwritten =
                    insn instanceof VarInsnNode other && other.var == store.var && Liveness.isStore(other.getOpcode());
            if (!gone && !overwritten) {
                open.addAll(liveness.successors(index));
            }
        }
    }

    /** Whether the stack map has the variable. */
    private static boolean setLocal(FrameNode frame, int slot) {
        int at = 0;
        for (int i = 0; i < frame.local.size(); i++) {
            Object type = frame.local.get(i);
            if (at == slot) {
                if (type instanceof String) {
                    frame.local.set(i, Names.OBJECT);
                }
                return type instanceof String;
            }
            at += type == Opcodes.LONG || type == Opcodes.DOUBLE ? 2 : 1;
        }
        return false;
    }

    /** The stores of what {@code load} loads for the return, if javac parked the value there while a finally runs. */
    private List<VarInsnNode> parkedAcrossFinally(AbstractInsnNode before, Liveness liveness) {
        if (!(before instanceof VarInsnNode load) || load.getOpcode() != Opcodes.ALOAD || isUsersVariable(load)) {
            return List.of();
        }
        List<VarInsnNode> stores = new ArrayList<>();
        for (AbstractInsnNode candidate : code) {
            if (candidate instanceof VarInsnNode store
                    && store.getOpcode() == Opcodes.ASTORE
                    && store.var == load.var
                    && reaches(store, load, liveness)) {
                if (!leavesATry(store, load) || Body.line(store) != Body.line(load)) {
                    return List.of();
                }
                stores.add(store);
            }
        }
        return stores;
    }

    /**
     * Whether the store is in a {@code try} and the load is not, as a {@code return} leaves it: what belongs to the {@code try}
     * comes before its handlers, and what follows it comes behind them. That tells without debug information, too.
     */
    private boolean leavesATry(VarInsnNode store, VarInsnNode load) {
        List<TryCatchBlockNode> left =
                blocksAt(store).stream().filter(block -> !covers(block, load)).toList();
        return !left.isEmpty() && left.stream().allMatch(block -> code.indexOf(load) < code.indexOf(block.handler));
    }

    private boolean reaches(VarInsnNode store, VarInsnNode load, Liveness liveness) {
        Deque<Integer> open = new ArrayDeque<>(liveness.successors(code.indexOf(store)));
        BitSet seen = new BitSet();
        while (!open.isEmpty()) {
            int index = open.pop();
            if (seen.get(index) || !liveness.before(code.get(index)).get(store.var)) {
                continue;
            }
            seen.set(index);
            AbstractInsnNode insn = code.get(index);
            if (insn == load) {
                return true;
            }
            boolean overwritten =
                    insn instanceof VarInsnNode other && other.var == store.var && Liveness.isStore(other.getOpcode());
            if (!overwritten) {
                open.addAll(liveness.successors(index));
            }
        }
        return false;
    }

    /** Whether the debug information knows the variable, so that javac did not make it up. */
    private boolean isUsersVariable(VarInsnNode load) {
        if (method.localVariables == null) {
            return false;
        }
        int at = code.indexOf(load);
        for (LocalVariableNode variable : method.localVariables) {
            if (variable.index == load.var && code.indexOf(variable.start) <= at && at < code.indexOf(variable.end)) {
                return true;
            }
        }
        return false;
    }

    /** The tries that a {@code return} stands in: javac ends their ranges just before the return instruction. */
    private List<TryCatchBlockNode> blocksAround(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        while (before != null && before.getOpcode() < 0) {
            before = before.getPrevious();
        }
        return blocksAt(before == null ? insn : before);
    }

    private List<TryCatchBlockNode> blocksAt(AbstractInsnNode insn) {
        return method.tryCatchBlocks.stream()
                .filter(block -> covers(block, insn))
                .toList();
    }

    private boolean covers(TryCatchBlockNode block, AbstractInsnNode insn) {
        int at = code.indexOf(insn);
        return code.indexOf(block.start) <= at && at < code.indexOf(block.end);
    }

    /** The instruction that comes before on every way here, or {@code null} where ways meet. */
    private static @Nullable AbstractInsnNode previousOnTheSamePath(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        while (before != null && before.getOpcode() < 0) {
            if (before instanceof FrameNode) {
                return null;
            }
            before = before.getPrevious();
        }
        return before;
    }

    private static MethodInsnNode awaitCall() {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.ASYNC, "await", Names.AWAIT_DESCRIPTOR, false);
    }
}
