package io.samovar.compiler.weave;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Weaves classes that nobody has checked before.
 *
 * <p>A method that cannot be a coroutine does not keep its class from being loaded: its awaits throw, with the reason.
 */
public final class LoadTimeWeaver {
    private static final String REFUSE = "$$samovar$refuse";
    private static final String REFUSE_DESCRIPTOR =
            "(L" + Names.AWAITABLE + ";Ljava/lang/String;)L" + Names.OBJECT + ';';

    private final Weaver weaver;

    public LoadTimeWeaver(Weaver weaver) {
        this.weaver = weaver;
    }

    /**
     * Weaves a class.
     *
     * @param classFile as a compiler wrote it
     * @param refused is told of every method that cannot be a coroutine
     * @return the class and its new frame classes by internal name, or an empty map if there is nothing to do
     * @throws WeaveException if nothing can be done with the class at all
     */
    public Map<String, byte[]> weave(byte[] classFile, Consumer<WeaveException> refused) {
        Map<String, WeaveException> refusals = new LinkedHashMap<>();
        HostClass host = Weaver.read(classFile);
        for (HostMethod method : host.methodsRead()) {
            WeaveException misplaced = Misplaced.first(host, method);
            if (misplaced != null) {
                refusals.put(method.name + method.desc, misplaced);
            }
        }
        while (true) {
            refuse(host, refusals);
            try {
                Map<String, byte[]> woven = weaver.weave(host, !refusals.isEmpty());
                refusals.values().forEach(refused);
                return woven;
            } catch (WeaveException failed) {
                if (failed.method == null || refusals.put(failed.method, failed) != null) {
                    throw failed;
                }
                host = Weaver.read(classFile); // the weaver has changed the other one
            }
        }
    }

    private static void refuse(HostClass host, Map<String, WeaveException> refusals) {
        if (refusals.isEmpty()) {
            return;
        }
        for (HostMethod method : host.methodsRead()) {
            WeaveException refusal = refusals.get(method.name + method.desc);
            if (refusal != null) {
                method.replaceAwaits(() -> refusal(host, refusal), 1);
            }
        }
        host.methods.add(refuse());
    }

    private static InsnList refusal(HostClass host, WeaveException refusal) {
        InsnList call = new InsnList();
        call.add(new LdcInsnNode(refusal.getMessage()));
        call.add(new MethodInsnNode(Opcodes.INVOKESTATIC, host.name, REFUSE, REFUSE_DESCRIPTOR, host.isInterface()));
        return call;
    }

    /** A method that throws its second argument as a message, in the place of an await. */
    private static MethodNode refuse() {
        MethodNode method = new MethodNode(
                Opcodes.ASM9,
                Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                REFUSE,
                REFUSE_DESCRIPTOR,
                null,
                null);
        String exception = "java/lang/IllegalStateException";
        method.instructions.add(new TypeInsnNode(Opcodes.NEW, exception));
        method.instructions.add(new InsnNode(Opcodes.DUP));
        method.instructions.add(new VarInsnNode(Opcodes.ALOAD, 1));
        method.instructions.add(
                new MethodInsnNode(Opcodes.INVOKESPECIAL, exception, "<init>", "(Ljava/lang/String;)V", false));
        method.instructions.add(new InsnNode(Opcodes.ATHROW));
        method.maxStack = 3;
        method.maxLocals = 2;
        return method;
    }
}
