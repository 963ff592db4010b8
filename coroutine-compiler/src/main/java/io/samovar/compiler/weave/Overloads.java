package io.samovar.compiler.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The awaits of what is no {@code Awaitable}, such as a {@code CompletionStage}.
 *
 * <p>Told by their shape, so that the run-time may have one for any type: {@code await(x)} becomes {@code await(Awaitable.of(x))}, and
 * is a plain await for everything that comes after.
 */
final class Overloads {
    private Overloads() {}

    static void replace(ClassNode host) {
        for (MethodNode method : host.methods) {
            for (AbstractInsnNode insn : method.instructions) {
                if (insn instanceof MethodInsnNode call && isOverload(call)) {
                    method.instructions.insertBefore(call, converter(call));
                    call.desc = Names.AWAIT_DESCRIPTOR;
                }
            }
        }
    }

    private static boolean isOverload(MethodInsnNode call) {
        return call.owner.equals(Names.ASYNC)
                && call.name.equals("await")
                && !call.desc.equals(Names.AWAIT_DESCRIPTOR)
                && Type.getArgumentCount(call.desc) == 1
                && call.desc.endsWith(")L" + Names.OBJECT + ';');
    }

    private static MethodInsnNode converter(MethodInsnNode call) {
        String operand = Type.getArgumentTypes(call.desc)[0].getDescriptor();
        return new MethodInsnNode(
                Opcodes.INVOKESTATIC, Names.AWAITABLE, "of", '(' + operand + ")L" + Names.AWAITABLE + ';', true);
    }
}
