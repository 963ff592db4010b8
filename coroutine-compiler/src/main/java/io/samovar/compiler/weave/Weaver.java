package io.samovar.compiler.weave;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Makes state machines of the coroutine methods of a class: those that return {@code Coroutine} and call {@code
 * Async.await}.
 *
 * <p>The method becomes a stub that makes a frame; its body stays in the class as a method of its own, so that private access, {@code
 * super} calls, lambdas and debuggers need nothing special. A woven class has no {@code await} left, so weaving it again does
 * nothing.
 */
public final class Weaver {
    private static final String TOO_LARGE =
            "as a coroutine it is larger than the 64 KB of code that a method may have; move parts of it to other methods";
    private static final String TOO_MANY_WAYS =
            "as a coroutine it has too many ways through its code; move parts of it to other methods";

    private final boolean keepLocals;

    /**
     * @param keepLocals whether all locals are kept across an await, for debuggers, not only those that are read again
     */
    public Weaver(boolean keepLocals) {
        this.keepLocals = keepLocals;
    }

    /**
     * Weaves a class.
     *
     * @param classFile as javac wrote it
     * @return the class and its new frame classes by internal name, or an empty map if there is nothing to do
     * @throws WeaveException if it cannot be done; the message names the method
     */
    public Map<String, byte[]> weave(byte[] classFile) {
        HostClass host = read(classFile);
        for (HostMethod method : host.methodsRead()) {
            WeaveException misplaced = Misplaced.first(host, method);
            if (misplaced != null) {
                throw misplaced;
            }
        }
        return weave(host, false);
    }

    /** Whether a class file names the class that has {@code await}; most do not, and need not be woven. */
    public static boolean mayAwait(byte[] classFile) {
        byte[] name = Names.ASYNC.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + name.length <= classFile.length; i++) {
            if (classFile[i] == name[0] && Arrays.equals(classFile, i, i + name.length, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    static HostClass read(byte[] classFile) {
        try {
            HostClass host = new HostClass();
            new ClassReader(classFile).accept(host, ClassReader.EXPAND_FRAMES);
            return host;
        } catch (RuntimeException | AssertionError unreadable) {
            String reason = unreadable.getMessage();
            if (reason != null && reason.startsWith("Unsupported class file")) {
                int version = ((classFile[6] & 0xff) << 8) | (classFile[7] & 0xff);
                throw new WeaveException(
                        "its class file has version " + version + ", which is newer than this coroutine compiler knows:"
                                + " take a newer samovar-coroutine-compiler, or compile with a lower --release",
                        unreadable);
            }
            throw new WeaveException("its class file is broken: " + unreadable, unreadable);
        }
    }

    /**
     * @param changed whether the class must be written even if there is no coroutine in it
     */
    Map<String, byte[]> weave(HostClass host, boolean changed) {
        Map<String, byte[]> woven = new LinkedHashMap<>();
        List<MethodNode> bodies = new ArrayList<>();
        IdentityHashMap<MethodNode, HostMethod> stubs = new IdentityHashMap<>();
        int number = 0;
        for (HostMethod method : host.methodsRead()) {
            if (!method.isCoroutine()) {
                continue;
            }
            try {
                FrameClass frame = new FrameClass(
                        host.name + "$$" + plain(method.name) + '$' + number++,
                        host.name,
                        host.isInterface(),
                        (method.access & Opcodes.ACC_STATIC) != 0,
                        method.name,
                        bodyName(method),
                        method.desc);
                MethodNode body = split(host, method, frame);
                bodies.add(body);
                stubs.put(body, method);
                woven.put(frame.name, frame.write(host.version, host.sourceFile));
            } catch (WeaveException failed) {
                throw WeaveException.in(host, method, method.firstLine(), failed.getMessage(), failed);
            } catch (RuntimeException | AssertionError broken) {
                throw WeaveException.in(
                        host, method, method.firstLine(), "its code is not understood: " + broken, broken);
            }
        }
        if (bodies.isEmpty() && !changed) {
            return Map.of();
        }
        host.methods.addAll(bodies);
        if ((host.version & 0xffff) >= Opcodes.V1_6) { // older classes have other stack maps, or none
            for (MethodNode method : host.methods) {
                StackMaps.shorten(host.name, method);
            }
        }
        woven.put(host.name, write(host, stubs));
        return woven;
    }

    private static byte[] write(HostClass host, IdentityHashMap<MethodNode, HostMethod> stubs) {
        ClassWriter writer = new ClassWriter(0);
        try {
            host.accept(writer);
            return writer.toByteArray();
        } catch (MethodTooLargeException tooLarge) {
            for (Map.Entry<MethodNode, HostMethod> entry : stubs.entrySet()) {
                MethodNode body = entry.getKey();
                if (body.name.equals(tooLarge.getMethodName()) && body.desc.equals(tooLarge.getDescriptor())) {
                    HostMethod stub = entry.getValue();
                    throw WeaveException.in(host, stub, stub.firstLine(), TOO_LARGE, tooLarge);
                }
            }
            throw new WeaveException(
                    tooLarge.getClassName() + '.' + tooLarge.getMethodName() + ": " + TOO_LARGE, tooLarge);
        } catch (LimitExceededException tooMany) { // where jumps are so far that ASM has to make stack maps
            HostMethod largest = stubs.entrySet().stream()
                    .max(Comparator.comparingInt(
                            body -> body.getKey().instructions.size()))
                    .orElseThrow(() -> tooMany)
                    .getValue();
            throw WeaveException.in(host, largest, largest.firstLine(), TOO_MANY_WAYS, tooMany);
        } catch (ClassTooLargeException tooLarge) {
            throw new WeaveException(
                    host.name.replace('/', '.') + ": with its coroutines it needs more constants than a class may have;"
                            + " move some of them to another class",
                    tooLarge);
        } catch (RuntimeException | AssertionError broken) {
            throw new WeaveException(host.name.replace('/', '.') + ": its code is not understood: " + broken, broken);
        }
    }

    /** Turns {@code method} into a stub, and gives the body that it was. */
    private MethodNode split(HostClass host, HostMethod method, FrameClass frame) {
        int visibility = host.isInterface() ? Opcodes.ACC_PUBLIC : 0;
        // Synthetic only if it was before: debuggers skip synthetic methods, and coverage tools leave them out.
        MethodNode body = new MethodNode(
                Opcodes.ASM9,
                visibility | (method.access & (Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC)),
                frame.bodyName,
                method.desc,
                null,
                method.exceptions.toArray(new String[0]));
        body.instructions = method.instructions;
        body.tryCatchBlocks = method.tryCatchBlocks;
        body.localVariables = method.localVariables;
        body.visibleLocalVariableAnnotations = method.visibleLocalVariableAnnotations;
        body.invisibleLocalVariableAnnotations = method.invisibleLocalVariableAnnotations;
        body.maxLocals = method.maxLocals;
        body.maxStack = method.maxStack;

        method.instructions = new InsnList();
        method.tryCatchBlocks = new ArrayList<>();
        method.localVariables = null;
        method.visibleLocalVariableAnnotations = null;
        method.invisibleLocalVariableAnnotations = null;
        new Body(method, body, host.name, frame, keepLocals).rewrite();
        writeStub(method, frame);
        return body;
    }

    /** Without a line, for a breakpoint at the first line of the body would stop here as well. */
    private static void writeStub(MethodNode method, FrameClass frame) {
        InsnList code = method.instructions;
        code.add(new TypeInsnNode(Opcodes.NEW, frame.name));
        code.add(new InsnNode(Opcodes.DUP));
        int slot = 0;
        if ((method.access & Opcodes.ACC_STATIC) == 0) {
            code.add(new VarInsnNode(Opcodes.ALOAD, slot++));
        }
        for (Type parameter : Type.getArgumentTypes(method.desc)) {
            code.add(new VarInsnNode(parameter.getOpcode(Opcodes.ILOAD), slot));
            slot += parameter.getSize();
        }
        code.add(new MethodInsnNode(Opcodes.INVOKESPECIAL, frame.name, "<init>", frame.constructorDescriptor(), false));
        code.add(new InsnNode(Opcodes.ARETURN));
        method.maxStack = 2 + slot;
        method.maxLocals = slot;
    }

    /** Not the method's own name, for a class that is compiled later must not see two methods where the source has one. */
    private static String bodyName(MethodNode method) {
        return (method.access & Opcodes.ACC_SYNTHETIC) == 0 ? method.name + '$' : method.name;
    }

    /** A method's name as a part of a class name: lambdas and constructors of other compilers have odd ones. */
    private static String plain(String name) {
        return name.replace('<', '_').replace('>', '_');
    }
}
