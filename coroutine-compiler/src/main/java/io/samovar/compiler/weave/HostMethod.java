package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A method of a class that is woven. What several passes would look for in all of its code is noted while it is read: the passes
 * run interpreted, for javac loads them anew for each compilation.
 *
 * <p>There may be an {@code await} for what is no {@code Awaitable}, such as a {@code CompletionStage}. They are told by their shape,
 * so that the run-time may have one for any type: {@code await(x)} is read as {@code await(Awaitable.of(x))}, and is a plain await for
 * everything that comes after.
 */
final class HostMethod extends MethodNode {
    private final List<AbstractInsnNode> awaits = new ArrayList<>(2);
    private final List<AbstractInsnNode> returns = new ArrayList<>(2);
    private int firstLine = -1;
    private boolean locks;
    private boolean keepsUninitialised;

    HostMethod(int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        super(Opcodes.ASM9, access, name, descriptor, signature, exceptions);
    }

    /** The calls of await, as they were read. */
    List<AbstractInsnNode> awaits() {
        return awaits;
    }

    /** Whether there is anything to weave. */
    boolean isCoroutine() {
        return !awaits.isEmpty() && desc.endsWith(Names.RETURNS_COROUTINE);
    }

    /**
     * Takes the awaits out.
     *
     * @param replacement what stands in the place of each
     * @param stack how much more than an await this may have on the stack
     */
    void replaceAwaits(Supplier<InsnList> replacement, int stack) {
        maxStack += stack;
        for (AbstractInsnNode await : awaits) {
            instructions.insertBefore(await, replacement.get());
            instructions.remove(await);
        }
        awaits.clear();
    }

    /** The instructions that return an object, as they were read. */
    List<AbstractInsnNode> returns() {
        return returns;
    }

    /** The first line; -1 if it is not known. */
    int firstLine() {
        return firstLine;
    }

    /** Whether it has a {@code synchronized} block. */
    boolean locks() {
        return locks;
    }

    /** Whether a stack map has an object that is not constructed yet, and so depends on the NEW before it. */
    boolean keepsUninitialised() {
        return keepsUninitialised;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (!name.equals("await") || !owner.equals(Names.ASYNC)) {
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            return;
        }
        String awaitDescriptor = descriptor;
        if (isOverload(descriptor)) {
            String operand = Type.getArgumentTypes(descriptor)[0].getDescriptor();
            instructions.add(new MethodInsnNode(
                    Opcodes.INVOKESTATIC, Names.AWAITABLE, "of", '(' + operand + ")L" + Names.AWAITABLE + ';', true));
            awaitDescriptor = Names.AWAIT_DESCRIPTOR;
        }
        super.visitMethodInsn(opcode, owner, name, awaitDescriptor, isInterface);
        if (awaitDescriptor.equals(Names.AWAIT_DESCRIPTOR)) {
            awaits.add(instructions.getLast());
        }
    }

    private static boolean isOverload(String descriptor) {
        return !descriptor.equals(Names.AWAIT_DESCRIPTOR)
                && Type.getArgumentCount(descriptor) == 1
                && descriptor.endsWith(")L" + Names.OBJECT + ';');
    }

    @Override
    public void visitInsn(int opcode) {
        super.visitInsn(opcode);
        if (opcode == Opcodes.ARETURN) {
            returns.add(instructions.getLast());
        } else if (opcode == Opcodes.MONITORENTER) {
            locks = true;
        }
    }

    @Override
    public void visitLineNumber(int line, Label start) {
        super.visitLineNumber(line, start);
        firstLine = firstLine < 0 ? line : firstLine;
    }

    @Override
    public void visitFrame(int type, int locals, Object @Nullable [] local, int stacked, Object @Nullable [] stack) {
        super.visitFrame(type, locals, local, stacked, stack);
        FrameNode frame = (FrameNode) instructions.getLast();
        keepsUninitialised =
                keepsUninitialised || Code.hasUninitialised(frame.local) || Code.hasUninitialised(frame.stack);
    }
}
