package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** A class that is woven, as it was read. */
final class HostClass extends ClassNode {
    private final List<HostMethod> methodsRead = new ArrayList<>();

    HostClass() {
        super(Opcodes.ASM9);
    }

    /** Its methods, without those that weaving adds. */
    List<HostMethod> methodsRead() {
        return methodsRead;
    }

    boolean isInterface() {
        return (access & Opcodes.ACC_INTERFACE) != 0;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        HostMethod method = new HostMethod(access, name, descriptor, signature, exceptions);
        methodsRead.add(method);
        methods.add(method);
        return method;
    }
}
