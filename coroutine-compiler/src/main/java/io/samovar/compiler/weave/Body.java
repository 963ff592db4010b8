package io.samovar.compiler.weave;

import io.samovar.compiler.weave.FrameClass.Field;
import io.samovar.compiler.weave.States.State;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LocalVariableAnnotationNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Rewrites the code of one coroutine method in place, from its original form to {@code Object m(frame, task, at)}.
 *
 * <pre>
 *     switch (at) { 0: start; k: restore_k, or enter_l if the await is in a loop }
 * restore_k:  stack and live locals from the frame; at = 0, for the loops' heads; goto resumed_k
 * start:
 *     parameters from the frame
 *     ... original code, slots moved up by three, and for await k:
 *         r = Frame.await(awaitable, frame, task, k)
 *         if (r != SUSPENDED) goto go_on_k
 *         both to the frame; return SUSPENDED
 *     resumed_k:
 *         r = Frame.awaited(task)                 inside the original try ranges, so that failures are caught there
 *     go_on_k:
 *     ...
 * </pre>
 *
 * <p>and for each loop l around an await, so that it is entered at its head only ({@link Loops}):
 *
 * <pre>
 * enter_l:    locals as the head's stack map wants them; goto head_l
 * dispatch_l: switch (at) { k: restore_k, or enter_m if the await is in another loop m inside l }
 * start:
 *     ...
 * head_l:     if (at != 0) goto dispatch_l
 *     ... original code
 * </pre>
 *
 * <p>Nothing has a line of its own that was not in the source, for a breakpoint would stop there as well: what is added in the
 * middle belongs to the line of its await, and what comes before the start belongs to the first line. At the end it would
 * belong to the last, and a debugger that steps would seem to go there and back.
 */
final class Body {
    /** Slots that come in before the original ones: frame, task, at. */
    private static final int ADDED = 3;
    /** An await gets these three beside its awaitable, and nothing that is added has more on the stack. */
    private static final int MORE_STACK = 3;

    /** What the verifier makes of the added ones. */
    private final List<Object> added;

    private final HostMethod read;
    private final MethodNode method;
    private final String owner;
    private final FrameClass frameClass;
    private final boolean keepLocals;
    private final boolean isStatic;
    private final InsnList code;
    private final List<Await> awaits = new ArrayList<>();
    /** How a loop is entered again, by the label of its head. */
    private final Map<LabelNode, Entry> entries = new LinkedHashMap<>();
    /** What comes before the start: all the ways back to where the coroutine was. */
    private final InsnList waysBack = new InsnList();

    /**
     * @param read the method as it was read
     * @param method what is rewritten, with the code of {@code read}
     */
    Body(HostMethod read, MethodNode method, String owner, FrameClass frameClass, boolean keepLocals) {
        this.read = read;
        this.method = method;
        this.owner = owner;
        this.frameClass = frameClass;
        this.keepLocals = keepLocals;
        this.isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        this.code = method.instructions;
        this.added = List.of(frameClass.name, Names.TASK, Opcodes.INTEGER);
    }

    /** One await, with what has to survive it. */
    private record Await(
            AbstractInsnNode call,
            List<Slot> locals,
            List<Slot> stack,
            FrameClass.Allocation allocation,
            List<LabelNode> loops,
            LabelNode restore,
            LabelNode resumed) {}

    /** On the way back into a loop: where its head is made ready, and where the head goes on to what was awaited in it. */
    private record Entry(LabelNode enter, LabelNode dispatch) {}

    /**
     * One value in a local variable or on the stack.
     *
     * @param index the original slot, -1 on the stack
     * @param type the verifier's type, as in a stack map
     * @param field where it is kept, {@code null} if it need not be
     */
    private record Slot(int index, Object type, @Nullable Field field) {}

    void rewrite() {
        Returns returns = new Returns(owner, read, method);
        returns.rewrite();
        List<AbstractInsnNode> calls = returns.addsAwaits() ? awaitCalls() : read.awaits();
        States states = new States(owner, method, !read.keepsUninitialised(), calls);
        Flow flow = new Flow(method);
        Liveness liveness = new Liveness(method, flow);
        Loops loops = new Loops(method, flow);
        LateConstruction late = new LateConstruction(method, calls, states);
        for (AbstractInsnNode call : calls) {
            if (states.before(call) != null) {
                awaits.add(analyse(call, states, late, liveness, loops));
            }
        }
        if (late.isNeeded()) {
            late.rewrite(new States(owner, method, !read.keepsUninitialised(), code));
        }
        shiftSlots();
        for (AbstractInsnNode tail : returns.tails) {
            code.insertBefore(tail, new VarInsnNode(Opcodes.ALOAD, taskSlot()));
            code.insertBefore(
                    tail, frameCall("tail", "(L" + Names.AWAITABLE + ";L" + Names.TASK + ";)L" + Names.OBJECT + ';'));
        }
        for (Await await : awaits) {
            for (LabelNode head : await.loops()) {
                entries.putIfAbsent(head, new Entry(new LabelNode(), new LabelNode()));
            }
        }
        for (int i = 0; i < awaits.size(); i++) {
            frameClass.awaitAt(Math.max(Code.line(awaits.get(i).call()), 0));
            expand(awaits.get(i), i + 1);
        }
        for (Map.Entry<LabelNode, Entry> loop : entries.entrySet()) {
            enterAtHead(loop.getKey(), loop.getValue());
        }
        code.insert(prologue());
        method.desc = frameClass.bodyDescriptor();
        method.maxStack += MORE_STACK;
        method.maxLocals += ADDED;
    }

    // ---- analysis

    private List<AbstractInsnNode> awaitCalls() {
        List<AbstractInsnNode> calls = new ArrayList<>();
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (Names.isAwait(insn)) {
                calls.add(insn);
            }
        }
        return calls;
    }

    private Await analyse(AbstractInsnNode call, States states, LateConstruction late, Liveness liveness, Loops loops) {
        State state = states.before(call);
        assert state != null : "only awaits that are reached are analysed";
        BitSet live = liveness.before(call);
        FrameClass.Allocation allocation = frameClass.allocate();
        List<Slot> stack = new ArrayList<>();
        List<Object> below = state.stack().subList(0, state.stack().size() - 1);
        for (int i = 0; i < below.size(); i++) {
            Object type = below.get(i);
            if (!late.concerns(type)) {
                stack.add(slot(-1, type, true, allocation));
            }
            if (Code.isWide(type)) {
                i++;
            }
        }
        List<Slot> locals = new ArrayList<>();
        for (int i = isStatic ? 0 : 1; i < state.locals().size(); i++) {
            Object type = state.locals().get(i);
            if (late.concerns(type)) {
                type = Opcodes.TOP;
            }
            locals.add(slot(i, type, keepLocals || live.get(i), allocation));
            if (Code.isWide(type)) {
                i++;
            }
        }
        return new Await(call, locals, stack, allocation, loops.around(call), new LabelNode(), new LabelNode());
    }

    private Slot slot(int index, Object type, boolean needed, FrameClass.Allocation allocation) {
        if (!needed || type == Opcodes.TOP || type == Opcodes.NULL) {
            return new Slot(index, type, null);
        }
        if (type instanceof org.objectweb.asm.Label || type == Opcodes.UNINITIALIZED_THIS) {
            throw new WeaveException("an object that is not constructed yet is needed across an await");
        }
        return new Slot(index, type, allocation.next(type));
    }

    // ---- slots

    private int frameSlot() {
        return isStatic ? 0 : 1;
    }

    private int taskSlot() {
        return frameSlot() + 1;
    }

    private int atSlot() {
        return frameSlot() + 2;
    }

    private int shifted(int slot) {
        return slot < frameSlot() ? slot : slot + ADDED;
    }

    private void shiftSlots() {
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof VarInsnNode access) {
                access.var = shifted(access.var);
            } else if (insn instanceof IincInsnNode increment) {
                increment.var = shifted(increment.var);
            } else if (insn instanceof FrameNode frame) {
                List<Object> locals = new ArrayList<>(frame.local);
                while (locals.size() < frameSlot()) {
                    locals.add(Opcodes.TOP);
                }
                locals.addAll(frameSlot(), added);
                frame.local = locals;
            }
        }
        if (method.localVariables != null) {
            for (LocalVariableNode variable : method.localVariables) {
                variable.index = shifted(variable.index);
            }
        }
        shiftAnnotations(method.visibleLocalVariableAnnotations);
        shiftAnnotations(method.invisibleLocalVariableAnnotations);
    }

    private void shiftAnnotations(List<LocalVariableAnnotationNode> annotations) {
        if (annotations != null) {
            annotations.forEach(annotation -> annotation.index.replaceAll(this::shifted));
        }
    }

    // ---- awaits

    private void expand(Await await, int number) {
        LabelNode goOn = new LabelNode();
        InsnList before = new InsnList();
        before.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
        before.add(new VarInsnNode(Opcodes.ALOAD, taskSlot()));
        before.add(push(number));
        code.insertBefore(await.call(), before);

        List<Object> locals = locals(await);
        InsnList after = new InsnList();
        after.add(new InsnNode(Opcodes.DUP));
        after.add(suspended());
        after.add(new JumpInsnNode(Opcodes.IF_ACMPNE, goOn));
        after.add(save(await));
        after.add(await.resumed());
        after.add(map(locals, stack(await, null)));
        after.add(new VarInsnNode(Opcodes.ALOAD, taskSlot()));
        after.add(frameCall("awaited", "(L" + Names.TASK + ";)L" + Names.OBJECT + ';'));
        after.add(goOn);
        after.add(map(locals, stack(await, Names.OBJECT)));
        after.add(new InsnNode(Opcodes.NOP)); // a stack map may follow, and two at one place are illegal
        code.insert(await.call(), after);
        code.set(
                await.call(),
                frameCall(
                        "await",
                        "(L" + Names.AWAITABLE + ";L" + Names.FRAME + ";L" + Names.TASK + ";I)L" + Names.OBJECT + ';'));
        waysBack.add(restore(await));
    }

    private InsnList save(Await await) {
        InsnList save = new InsnList();
        save.add(new InsnNode(Opcodes.POP));
        for (int i = await.stack().size() - 1; i >= 0; i--) {
            Slot slot = await.stack().get(i);
            if (slot.field() == null) {
                save.add(new InsnNode(Opcodes.POP));
                continue;
            }
            save.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
            if (Code.isWide(slot.type())) {
                save.add(new InsnNode(Opcodes.DUP_X2));
                save.add(new InsnNode(Opcodes.POP));
            } else {
                save.add(new InsnNode(Opcodes.SWAP));
            }
            save.add(access(Opcodes.PUTFIELD, slot.field()));
        }
        for (Slot slot : await.locals()) {
            if (slot.field() != null) {
                save.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
                save.add(new VarInsnNode(opcode(Opcodes.ILOAD, slot.type()), shifted(slot.index())));
                save.add(access(Opcodes.PUTFIELD, slot.field()));
            }
        }
        for (Field unused : await.allocation().unusedReferences()) { // nothing stale stays reachable
            save.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
            save.add(new InsnNode(Opcodes.ACONST_NULL));
            save.add(access(Opcodes.PUTFIELD, unused));
        }
        save.add(suspended());
        save.add(new InsnNode(Opcodes.ARETURN));
        return save;
    }

    private InsnList restore(Await await) {
        InsnList restore = new InsnList();
        restore.add(await.restore());
        restore.add(entryFrame());
        for (Slot slot : await.locals()) {
            if (slot.type() == Opcodes.TOP) {
                continue;
            }
            if (slot.field() == null) {
                restore.add(nothing(slot.type()));
            } else {
                restore.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
                restore.add(access(Opcodes.GETFIELD, slot.field()));
            }
            restore.add(new VarInsnNode(opcode(Opcodes.ISTORE, slot.type()), shifted(slot.index())));
        }
        for (Slot slot : await.stack()) {
            if (slot.field() == null) {
                restore.add(nothing(slot.type()));
            } else {
                restore.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
                restore.add(access(Opcodes.GETFIELD, slot.field()));
            }
        }
        if (!entries.isEmpty()) { // the code may come to a loop's head next, even from an await that is in none
            restore.add(new InsnNode(Opcodes.ICONST_0));
            restore.add(new VarInsnNode(Opcodes.ISTORE, atSlot()));
        }
        restore.add(new JumpInsnNode(Opcodes.GOTO, await.resumed()));
        return restore;
    }

    // ---- loops

    private void enterAtHead(LabelNode head, Entry entry) {
        FrameNode atHead = Code.frameAt(head);
        assert atHead != null : "Loops gives heads with stack maps";
        InsnList check = new InsnList();
        check.add(new VarInsnNode(Opcodes.ILOAD, atSlot()));
        check.add(new JumpInsnNode(Opcodes.IFNE, entry.dispatch()));
        code.insert(atHead, check);

        waysBack.add(entry.enter());
        waysBack.add(entryFrame());
        int slot = 0;
        for (Object type : atHead.local) {
            if (slot > atSlot() && type != Opcodes.TOP) {
                waysBack.add(nothing(type));
                waysBack.add(new VarInsnNode(opcode(Opcodes.ISTORE, type), slot));
            }
            slot += Code.isWide(type) ? 2 : 1;
        }
        waysBack.add(new JumpInsnNode(Opcodes.GOTO, head));

        int first = 0;
        while (!awaits.get(first).loops().contains(head)) {
            first++;
        }
        int last = awaits.size() - 1;
        while (!awaits.get(last).loops().contains(head)) {
            last--;
        }
        LabelNode[] targets = new LabelNode[last - first + 1];
        for (int i = first; i <= last; i++) {
            List<LabelNode> loops = awaits.get(i).loops();
            targets[i - first] = wayTo(awaits.get(i), loops.indexOf(head) + 1);
        }
        waysBack.add(entry.dispatch());
        waysBack.add(entryFrame());
        waysBack.add(new VarInsnNode(Opcodes.ILOAD, atSlot()));
        waysBack.add(new TableSwitchInsnNode(first + 1, last + 1, targets[0], targets));
    }

    /** Where to go for an await from its {@code level}-th loop, 0 for outside of all. */
    private LabelNode wayTo(Await await, int level) {
        if (level == await.loops().size()) {
            return await.restore();
        }
        Entry next = entries.get(await.loops().get(level));
        assert next != null : "every loop around an await has an entry";
        return next.enter();
    }

    private InsnList prologue() {
        InsnList prologue = new InsnList();
        LabelNode start = new LabelNode();
        LabelNode[] targets = new LabelNode[awaits.size() + 1];
        targets[0] = start;
        for (int i = 0; i < awaits.size(); i++) {
            targets[i + 1] = wayTo(awaits.get(i), 0);
        }
        prologue.add(new VarInsnNode(Opcodes.ILOAD, atSlot()));
        prologue.add(new TableSwitchInsnNode(0, awaits.size(), start, targets));
        prologue.add(waysBack);
        prologue.add(start);
        prologue.add(entryFrame());
        int slot = frameSlot();
        List<Field> fields = frameClass.parameterFields();
        Type[] parameters = Type.getArgumentTypes(method.desc);
        for (int i = 0; i < parameters.length; i++) {
            prologue.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
            prologue.add(access(Opcodes.GETFIELD, fields.get(i)));
            prologue.add(new VarInsnNode(parameters[i].getOpcode(Opcodes.ISTORE), shifted(slot)));
            slot += parameters[i].getSize();
        }
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].getSort() >= Type.ARRAY) { // the frame must not keep what the code has given up
                prologue.add(new VarInsnNode(Opcodes.ALOAD, frameSlot()));
                prologue.add(new InsnNode(Opcodes.ACONST_NULL));
                prologue.add(access(Opcodes.PUTFIELD, fields.get(i)));
            }
        }
        prologue.add(new InsnNode(Opcodes.NOP)); // a stack map may follow
        return prologue;
    }

    // ---- pieces

    /** The stack map at entry: the receiver and what was added. */
    private FrameNode entryFrame() {
        return map(localsAtEntry(), List.of());
    }

    private List<Object> localsAtEntry() {
        List<Object> locals = new ArrayList<>();
        if (!isStatic) {
            locals.add(owner);
        }
        locals.addAll(added);
        return locals;
    }

    private List<Object> locals(Await await) {
        List<Object> locals = localsAtEntry();
        for (Slot slot : await.locals()) {
            locals.add(slot.type());
        }
        while (locals.get(locals.size() - 1) == Opcodes.TOP) {
            locals.remove(locals.size() - 1);
        }
        return locals;
    }

    /** The types on the stack at an await, below its awaitable, and one above them. */
    private static List<Object> stack(Await await, @Nullable Object top) {
        List<Object> stack = new ArrayList<>(await.stack().size() + 1);
        for (Slot slot : await.stack()) {
            stack.add(slot.type());
        }
        if (top != null) {
            stack.add(top);
        }
        return stack;
    }

    private static FrameNode map(List<Object> locals, List<Object> stack) {
        FrameNode map = new FrameNode(Opcodes.F_SAME, 0, null, 0, null);
        map.type = Opcodes.F_NEW;
        map.local = locals;
        map.stack = stack;
        return map;
    }

    private FieldInsnNode access(int opcode, Field field) {
        return new FieldInsnNode(opcode, frameClass.name, field.name(), field.descriptor());
    }

    private static FieldInsnNode suspended() {
        return new FieldInsnNode(Opcodes.GETSTATIC, Names.FRAME, "SUSPENDED", 'L' + Names.OBJECT + ';');
    }

    private static MethodInsnNode frameCall(String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.FRAME, name, descriptor, false);
    }

    /** The load or store of a type, from that of an int. */
    private static int opcode(int ofInt, Object type) {
        if (type == Opcodes.INTEGER) {
            return ofInt;
        } else if (type == Opcodes.LONG) {
            return ofInt + (Opcodes.LLOAD - Opcodes.ILOAD);
        } else if (type == Opcodes.FLOAT) {
            return ofInt + (Opcodes.FLOAD - Opcodes.ILOAD);
        } else if (type == Opcodes.DOUBLE) {
            return ofInt + (Opcodes.DLOAD - Opcodes.ILOAD);
        }
        return ofInt + (Opcodes.ALOAD - Opcodes.ILOAD);
    }

    private static AbstractInsnNode nothing(Object type) {
        if (type == Opcodes.INTEGER) {
            return new InsnNode(Opcodes.ICONST_0);
        } else if (type == Opcodes.LONG) {
            return new InsnNode(Opcodes.LCONST_0);
        } else if (type == Opcodes.FLOAT) {
            return new InsnNode(Opcodes.FCONST_0);
        } else if (type == Opcodes.DOUBLE) {
            return new InsnNode(Opcodes.DCONST_0);
        }
        return new InsnNode(Opcodes.ACONST_NULL);
    }

    private static AbstractInsnNode push(int number) {
        if (number <= 5) {
            return new InsnNode(Opcodes.ICONST_0 + number);
        } else if (number <= Byte.MAX_VALUE) {
            return new IntInsnNode(Opcodes.BIPUSH, number);
        } else if (number <= Short.MAX_VALUE) {
            return new IntInsnNode(Opcodes.SIPUSH, number);
        }
        return new LdcInsnNode(number);
    }
}
