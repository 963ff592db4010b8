package io.samovar.compiler.weave;

import io.samovar.compiler.weave.States.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Objects that are not constructed yet when a coroutine waits, as in {@code new Foo(await(x))}. Nothing can keep such an object, so
 * its NEW is put off to the constructor call: until then the arguments alone are on the stack.
 *
 * <pre>
 *     new Foo; dup; arguments, with an await; invokespecial Foo.&lt;init&gt;
 * </pre>
 *
 * <p>becomes
 *
 * <pre>
 *     arguments, with an await; arguments to variables; new Foo; dup; arguments from variables; invokespecial Foo.&lt;init&gt;
 * </pre>
 */
final class LateConstruction {
    private final MethodNode method;
    private final InsnList code;
    private final States states;
    private final Set<AbstractInsnNode> news = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Where an object is made.
     *
     * @param call of its constructor
     * @param type its class
     * @param copies variables that have it, too
     */
    private record Construction(MethodInsnNode call, String type, List<Integer> copies) {}

    /**
     * @param awaits those of the method
     * @param states what is known before them
     */
    LateConstruction(MethodNode method, List<AbstractInsnNode> awaits, States states) {
        this.method = method;
        this.code = method.instructions;
        this.states = states;
        for (AbstractInsnNode await : awaits) {
            State state = states.before(await);
            if (state != null) {
                // javac keeps such a reference in a local where the arguments are made by a switch that contains a try.
                addNewsOf(state.stack());
                addNewsOf(state.locals());
            }
        }
    }

    private void addNewsOf(List<Object> values) {
        for (Object value : values) {
            AbstractInsnNode made = states.newOf(value);
            if (made != null) {
                news.add(made);
            }
        }
    }

    /** Whether there is anything to rewrite. */
    boolean isNeeded() {
        return !news.isEmpty();
    }

    /** Whether a value at an await is such an object, which will not be there. */
    boolean concerns(Object value) {
        return isLate(states, value);
    }

    private boolean isLate(States where, Object value) {
        AbstractInsnNode made = where.newOf(value);
        return made != null && news.contains(made);
    }

    /**
     * Changes the code.
     *
     * @param everywhere what is known before each instruction
     */
    void rewrite(States everywhere) {
        List<AbstractInsnNode> removed = new ArrayList<>();
        List<Construction> constructions = new ArrayList<>();
        for (AbstractInsnNode insn : code) {
            if (insn instanceof FrameNode frame) {
                forget(frame);
                continue;
            }
            State state = everywhere.before(insn);
            if (state == null) {
                continue;
            }
            if (news.contains(insn)) {
                removed.add(insn);
            } else if (insn.getOpcode() == Opcodes.DUP && isLate(everywhere, state.top())) {
                removed.add(insn);
            } else if (insn instanceof VarInsnNode access && isOfLate(access, state, everywhere)) {
                removed.add(insn);
            } else if (insn instanceof MethodInsnNode call && call.name.equals("<init>")) {
                AbstractInsnNode made = everywhere.newOf(call);
                if (made != null && news.contains(made)) {
                    constructions.add(new Construction(call, States.typeOf(made), copies(made, state, everywhere)));
                }
            }
        }
        removed.forEach(code::remove);
        int firstFree = method.maxLocals;
        for (Construction construction : constructions) {
            construct(construction, firstFree);
        }
    }

    /** The variables that have the object, which are left over when it is constructed. */
    private static List<Integer> copies(AbstractInsnNode made, State state, States everywhere) {
        List<Integer> copies = new ArrayList<>();
        for (int slot = 0; slot < state.locals().size(); slot++) {
            if (everywhere.newOf(state.locals().get(slot)) == made) {
                copies.add(slot);
            }
        }
        return copies;
    }

    private boolean isOfLate(VarInsnNode access, State state, States everywhere) {
        return switch (access.getOpcode()) {
            case Opcodes.ASTORE -> isLate(everywhere, state.top());
            case Opcodes.ALOAD -> isLate(everywhere, state.locals().get(access.var));
            default -> false;
        };
    }

    private void forget(FrameNode frame) {
        // The stack map's own labels are those of the NEWs, as in the states.
        Set<LabelNode> gone = new HashSet<>();
        for (AbstractInsnNode made : news) {
            for (AbstractInsnNode label = made.getPrevious();
                    label instanceof LabelNode || (label != null && label.getOpcode() < 0);
                    label = label.getPrevious()) {
                if (label instanceof LabelNode node) {
                    gone.add(node);
                }
            }
        }
        List<Object> stack = new ArrayList<>(frame.stack);
        stack.removeIf(gone::contains);
        frame.stack = stack;
        List<Object> locals = new ArrayList<>(frame.local);
        locals.replaceAll(type -> gone.contains(type) ? Opcodes.TOP : type);
        frame.local = locals;
    }

    /**
     * Makes the object at its constructor call.
     *
     * @param firstFree the variable from which on nobody has one
     */
    private void construct(Construction construction, int firstFree) {
        MethodInsnNode call = construction.call();
        InsnList made = new InsnList();
        Type[] arguments = Type.getArgumentTypes(call.desc);
        int[] slots = new int[arguments.length];
        int next = firstFree;
        for (int i = 0; i < arguments.length; i++) {
            slots[i] = next;
            next += arguments[i].getSize();
        }
        method.maxLocals = Math.max(method.maxLocals, next);
        for (int i = arguments.length - 1; i >= 0; i--) {
            made.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ISTORE), slots[i]));
        }
        made.add(new TypeInsnNode(Opcodes.NEW, construction.type()));
        made.add(new InsnNode(Opcodes.DUP));
        for (int i = 0; i < arguments.length; i++) {
            made.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ILOAD), slots[i]));
        }
        code.insertBefore(call, made);
        // Nobody reads them, but the stack maps of awaits that come after know them.
        InsnList copied = new InsnList();
        for (int slot : construction.copies()) {
            copied.add(new InsnNode(Opcodes.DUP));
            copied.add(new VarInsnNode(Opcodes.ASTORE, slot));
        }
        code.insert(call, copied);
    }
}
