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
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Turns the returns of coroutines into returns of values.
 *
 * <p>{@code return Coroutine.of(x)} returns x. Another coroutine is a tail call, for which the caller's loop takes over; but
 * inside a {@code try} it is awaited on the spot, because a reader expects the {@code try} to see its failure. javac stores
 * the value of a {@code return} whose {@code finally} is still to run, so there the await comes before the store
 * ({@link ParkedReturns}).
 */
final class Returns {
    private final String owner;
    private final HostMethod read;
    private final MethodNode method;
    private final InsnList code;
    /** The calls of {@code Coroutine.of} and {@code done} that go: at last, so that until then an index stays what it is. */
    private final List<AbstractInsnNode> unneeded = new ArrayList<>();

    private boolean addsAwaits;

    /** The return instructions that hand over a coroutine, to be made tail calls. */
    final List<AbstractInsnNode> tails = new ArrayList<>();

    Returns(String owner, HostMethod read, MethodNode method) {
        this.owner = owner;
        this.read = read;
        this.method = method;
        this.code = method.instructions;
    }

    void rewrite() {
        List<AbstractInsnNode> others = new ArrayList<>();
        for (AbstractInsnNode insn : read.returns()) {
            if (!unwrapLater(previousOnTheSamePath(insn))) {
                others.add(insn);
            }
        }
        if (method.tryCatchBlocks.isEmpty()) {
            tails.addAll(others);
        } else if (!others.isEmpty() || ParkedReturns.hasFinally(method)) {
            rewriteWithTries(others);
        }
        for (AbstractInsnNode producer : unneeded) {
            unwrap(producer);
        }
    }

    /** Whether awaits have been added to those of the source. */
    boolean addsAwaits() {
        return addsAwaits;
    }

    private void rewriteWithTries(List<AbstractInsnNode> others) {
        Flow flow = new Flow(method);
        ParkedReturns parked = new ParkedReturns(owner, read, method, flow);
        parked.stores().forEach(store -> retype(store, flow));
        // From here on the code changes, and the flow does not hold any more.
        parked.stores().forEach(this::awaitBefore);
        for (AbstractInsnNode insn : others) {
            if (!parked.returns().contains(insn)) {
                rewrite(insn);
            }
        }
    }

    private void awaitBefore(VarInsnNode store) {
        if (unwrapLater(previousOnTheSamePath(store))) {
            return;
        }
        if (blocksAt(store).stream().anyMatch(this::isMonitor)) {
            throw inMonitor();
        }
        addAwait(store);
    }

    private void addAwait(AbstractInsnNode before) {
        code.insertBefore(before, awaitCall());
        addsAwaits = true;
    }

    private void rewrite(AbstractInsnNode insn) {
        // javac ends the ranges of the tries that a return stands in just before the return instruction.
        AbstractInsnNode last = before(insn);
        AbstractInsnNode value = last;
        while (value.getOpcode() == Opcodes.MONITOREXIT) {
            value = before(before(value));
        }
        List<TryCatchBlockNode> around = new ArrayList<>(blocksAt(last));
        around.removeIf(this::isMonitor);
        if (value != last && unwrapLater(value)) {
            return;
        }
        if (!around.containsAll(triesAt(value))) {
            throw inMonitor();
        }
        if (around.isEmpty()) {
            tails.add(insn);
            return;
        }
        LabelNode end = new LabelNode();
        addAwait(insn);
        code.insertBefore(insn, end);
        around.forEach(block -> block.end = code.indexOf(block.end) < code.indexOf(end) ? end : block.end);
    }

    private static WeaveException inMonitor() {
        return new WeaveException("a coroutine is returned from a synchronized block, and a try has to see how it ends:"
                + " return it outside of the synchronized block");
    }

    /** Notes a call that puts the value into a coroutine just before it is returned; whether it is one. */
    private boolean unwrapLater(@Nullable AbstractInsnNode producer) {
        if (producer == null || !(Names.isOf(producer) || Names.isDone(producer))) {
            return false;
        }
        unneeded.add(producer);
        return true;
    }

    /** Replaces {@code Coroutine.of(x)} by x and {@code Coroutine.done()} by null. */
    private void unwrap(AbstractInsnNode producer) {
        if (Names.isOf(producer)) {
            code.remove(producer);
        } else {
            code.set(producer, new InsnNode(Opcodes.ACONST_NULL));
        }
    }

    /** The variable holds a value from here to the load, where javac's stack maps say that it is a coroutine. */
    private void retype(VarInsnNode store, Flow flow) {
        Deque<Integer> open = new ArrayDeque<>(flow.next(store));
        BitSet seen = new BitSet();
        while (!open.isEmpty()) {
            int index = open.pop();
            if (seen.get(index)) {
                continue;
            }
            seen.set(index);
            AbstractInsnNode insn = code.get(index);
            boolean known = !(insn instanceof FrameNode frame) || setLocal(frame, store.var);
            boolean overwritten =
                    insn instanceof VarInsnNode other && other.var == store.var && Liveness.isStore(other.getOpcode());
            if (known && !overwritten) {
                open.addAll(flow.next(insn));
            }
        }
    }

    /** Whether the stack map knows the variable at all, so that it can still be there further on. */
    private static boolean setLocal(FrameNode frame, int slot) {
        int index = Code.indexOf(frame, slot);
        if (index >= 0) {
            frame.local.set(index, Names.OBJECT);
        }
        return index >= 0;
    }

    private List<TryCatchBlockNode> triesAt(AbstractInsnNode insn) {
        return blocksAt(insn).stream().filter(block -> !isMonitor(block)).toList();
    }

    private List<TryCatchBlockNode> blocksAt(AbstractInsnNode insn) {
        int at = code.indexOf(insn);
        return method.tryCatchBlocks.stream()
                .filter(block -> Code.covers(code, block, at))
                .toList();
    }

    /** Whether a handler is that of a synchronized block, which gives the monitor back. */
    private boolean isMonitor(TryCatchBlockNode block) {
        AbstractInsnNode store = after(block.handler);
        AbstractInsnNode load = store == null ? null : after(store);
        AbstractInsnNode exit = load == null ? null : after(load);
        return block.type == null
                && store != null
                && store.getOpcode() == Opcodes.ASTORE
                && exit != null
                && exit.getOpcode() == Opcodes.MONITOREXIT;
    }

    private static @Nullable AbstractInsnNode after(AbstractInsnNode insn) {
        AbstractInsnNode next = insn.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        return next;
    }

    private static AbstractInsnNode before(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        while (before.getOpcode() < 0) {
            before = before.getPrevious();
        }
        return before;
    }

    /** The instruction that comes before on every way here, or {@code null} where ways meet. */
    static @Nullable AbstractInsnNode previousOnTheSamePath(AbstractInsnNode insn) {
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
