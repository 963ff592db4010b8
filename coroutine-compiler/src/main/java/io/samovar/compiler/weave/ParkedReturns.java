package io.samovar.compiler.weave;

import io.samovar.compiler.weave.States.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Finds where javac parks the value of a {@code return} in a variable while the {@code finally} blocks around it run, told apart
 * from the program's own variables by the shape of the code alone, for debug information may be missing.
 *
 * <pre>
 *     value; store x           the last instruction that the try covers
 *     code of finally          not covered by the try
 *     load x; areturn          not covered either, and before the try's handler
 * handler: ...                 the stack map here does not know x
 * </pre>
 *
 * <p>A variable of the program that is stored in the try and loaded after it is loaded behind the handlers, because the normal
 * way jumps over them. One that is loaded in the {@code finally}, whose copies stand before the handler too, had a value before
 * the try, so the stack map of the handler knows it.
 *
 * <p>If no {@code finally} ends normally there is a store and no load: {@code try { return a(); } finally { return b(); }}. Then
 * the handler that runs the {@code finally} after a failure never throws that again.
 */
final class ParkedReturns {
    private final MethodNode method;
    private final InsnList code;
    private final Flow flow;
    private final Liveness liveness;

    private final Set<VarInsnNode> stores = new LinkedHashSet<>();
    private final Set<AbstractInsnNode> returns = Collections.newSetFromMap(new IdentityHashMap<>());

    ParkedReturns(String owner, HostMethod read, MethodNode method, Flow flow) {
        this.method = method;
        this.code = method.instructions;
        this.flow = flow;
        this.liveness = new Liveness(method, flow);
        for (AbstractInsnNode insn : read.returns()) {
            if (Returns.previousOnTheSamePath(insn) instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD) {
                VarInsnNode store = parkedFor(load);
                if (store != null) {
                    stores.add(store);
                    returns.add(insn);
                }
            }
        }
        if (hasFinally(method)) {
            findOverridden(owner, read);
        }
    }

    /** Whether there may be a finally; synchronized blocks look like one. */
    static boolean hasFinally(MethodNode method) {
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            if (block.type == null) {
                return true;
            }
        }
        return false;
    }

    /** Where values are parked. */
    Set<VarInsnNode> stores() {
        return stores;
    }

    /** The return instructions that return a parked value. */
    Set<AbstractInsnNode> returns() {
        return returns;
    }

    private @Nullable VarInsnNode parkedFor(VarInsnNode load) {
        VarInsnNode only = null;
        for (AbstractInsnNode insn : code) {
            if (insn instanceof VarInsnNode store
                    && store.getOpcode() == Opcodes.ASTORE
                    && store.var == load.var
                    && reaches(store, load)) {
                if (only != null) {
                    return null;
                }
                only = store;
            }
        }
        return only != null && isParkedUntil(load, only) ? only : null;
    }

    private boolean isParkedUntil(VarInsnNode load, VarInsnNode store) {
        int from = code.indexOf(store);
        int to = code.indexOf(load);
        return method.tryCatchBlocks.stream()
                .anyMatch(block -> Code.covers(code, block, from)
                        && !Code.covers(code, block, to)
                        && from < to
                        && to < code.indexOf(block.handler)
                        && !isKnownAt(block, store.var));
    }

    private void findOverridden(String owner, HostMethod read) {
        List<VarInsnNode> overridden = new ArrayList<>();
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode store && store.getOpcode() == Opcodes.ASTORE && isOverridden(store)) {
                overridden.add(store);
            }
        }
        if (overridden.isEmpty()) {
            return;
        }
        States states = new States(owner, method, !read.keepsUninitialised(), overridden);
        for (VarInsnNode store : overridden) {
            State state = states.before(store);
            if (state != null && state.top().equals(Names.COROUTINE)) {
                stores.add(store);
            }
        }
    }

    private boolean isOverridden(VarInsnNode store) {
        int at = code.indexOf(store);
        if (at + 1 >= code.size() || liveness.before(code.get(at + 1)).get(store.var)) {
            return false;
        }
        AbstractInsnNode next = store.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        int after = next == null ? code.size() : code.indexOf(next);
        boolean leavesATry = false;
        boolean replaced = false;
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            if (Code.covers(code, block, at)) {
                leavesATry |= !Code.covers(code, block, after) && !isKnownAt(block, store.var);
                replaced |= block.type == null && forgets(block);
            }
        }
        return leavesATry && replaced;
    }

    /** Whether the handler of a finally does not throw the failure again. */
    private boolean forgets(TryCatchBlockNode block) {
        AbstractInsnNode insn = block.handler;
        while (insn.getOpcode() < 0) {
            insn = insn.getNext();
        }
        return insn instanceof VarInsnNode store
                && store.getOpcode() == Opcodes.ASTORE
                && !liveness.before(store.getNext()).get(store.var);
    }

    private static boolean isKnownAt(TryCatchBlockNode block, int slot) {
        FrameNode frame = Code.frameAt(block.handler);
        return frame == null || Code.indexOf(frame, slot) >= 0;
    }

    private boolean reaches(VarInsnNode store, VarInsnNode load) {
        Deque<Integer> open = new ArrayDeque<>(flow.next(store));
        BitSet seen = new BitSet();
        while (!open.isEmpty()) {
            int index = open.pop();
            if (seen.get(index)) {
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
                open.addAll(flow.next(insn));
            }
        }
        return false;
    }
}
