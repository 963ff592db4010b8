package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class of a coroutine's frame: the receiver, and typed fields for what is live across awaits.
 *
 * <p>Fields are shared by all awaits of a method: the n-th value of a type goes to the n-th field of that type. They have the
 * exact type of the value, so that no cast is needed when it comes back, which could be to a class that is not accessible.
 */
final class FrameClass {
    private static final int FIELD_ACCESS = 0;
    /** What a method may take, its object included (JVMS 4.3.3). */
    private static final int MAX_ARGUMENT_SLOTS = 255;

    final String name;
    private final String host;
    private final boolean hostIsInterface;
    private final boolean isStatic;
    private final String method;
    final String bodyName;
    private final Type[] parameters;
    private final String hostDescriptor;
    private final String constructorDescriptor;
    private final String bodyDescriptor;
    private final List<Field> parameterFields;
    private final Map<Object, Fields> fieldsOfType = new LinkedHashMap<>();
    /** A character for each await, whose code is the line. */
    private final StringBuilder lines = new StringBuilder();

    FrameClass(
            String name,
            String host,
            boolean hostIsInterface,
            boolean isStatic,
            String method,
            String bodyName,
            String descriptor) {
        this.name = name;
        this.host = host;
        this.hostIsInterface = hostIsInterface;
        this.isStatic = isStatic;
        this.method = method;
        this.bodyName = bodyName;
        this.parameters = Type.getArgumentTypes(descriptor);
        this.parameterFields = allocateParameters();
        this.hostDescriptor = 'L' + host + ';';
        int end = descriptor.indexOf(')');
        this.constructorDescriptor = '(' + (isStatic ? "" : hostDescriptor) + descriptor.substring(1, end) + ")V";
        if (Type.getArgumentsAndReturnSizes(constructorDescriptor) >> 2 > MAX_ARGUMENT_SLOTS) {
            throw new WeaveException(
                    "it has too many parameters: a coroutine may have 254, of which its object is one, and each"
                            + " long or double is two");
        }
        this.bodyDescriptor = "(L" + name + ";L" + Names.TASK + ";I)L" + Names.OBJECT + ';';
    }

    /** A place in the frame. */
    record Field(String name, String descriptor) {}

    /** The fields of one type. */
    private static final class Fields {
        private final int number;
        private final String descriptor;
        private final List<Field> fields = new ArrayList<>(2);

        Fields(int number, String descriptor) {
            this.number = number;
            this.descriptor = descriptor;
        }

        boolean areReferences() {
            return descriptor.length() > 1;
        }

        Field get(int index) {
            if (index == fields.size()) {
                fields.add(new Field(kind(descriptor) + '$' + index, descriptor));
            }
            return fields.get(index);
        }
    }

    /** Hands out the fields for what is live at one await. */
    final class Allocation {
        /** How many of each type, by its number. */
        private int[] used = {};

        /**
         * The next field of a type.
         *
         * @param type the verifier's, as in a stack map
         */
        Field next(Object type) {
            Fields fields = fieldsOfType.get(type);
            if (fields == null) {
                fields = new Fields(fieldsOfType.size(), descriptor(type));
                fieldsOfType.put(type, fields);
            }
            if (fields.number >= used.length) {
                used = Arrays.copyOf(used, fieldsOfType.size());
            }
            return fields.get(used[fields.number]++);
        }

        /** The reference fields that hold nothing at this await, as far as they are known by now. */
        List<Field> unusedReferences() {
            List<Field> unused = new ArrayList<>();
            for (Fields type : fieldsOfType.values()) {
                if (type.areReferences()) {
                    int first = type.number < used.length ? used[type.number] : 0;
                    unused.addAll(type.fields.subList(first, type.fields.size()));
                }
            }
            return unused;
        }
    }

    Allocation allocate() {
        return new Allocation();
    }

    /** The fields that the parameters come in. */
    List<Field> parameterFields() {
        return parameterFields;
    }

    private List<Field> allocateParameters() {
        Allocation allocation = allocate();
        List<Field> fields = new ArrayList<>(parameters.length);
        for (Type parameter : parameters) {
            fields.add(allocation.next(Code.verifierType(parameter)));
        }
        return fields;
    }

    /** Notes the line of the next await; 0 if it is not known. */
    void awaitAt(int line) {
        lines.append((char) line);
    }

    private static String descriptor(Object type) {
        if (type == Opcodes.INTEGER) {
            return "I";
        } else if (type == Opcodes.LONG) {
            return "J";
        } else if (type == Opcodes.FLOAT) {
            return "F";
        } else if (type == Opcodes.DOUBLE) {
            return "D";
        }
        String name = (String) type;
        return name.charAt(0) == '[' ? name : 'L' + name + ';';
    }

    /** The beginning of the names of fields of a type. */
    private static String kind(String descriptor) {
        char[] name = descriptor.toCharArray();
        if (name.length == 1) {
            name[0] = Character.toLowerCase(name[0]);
        }
        for (int i = 0; i < name.length; i++) {
            if (name[i] == '/' || name[i] == ';' || name[i] == '[' || name[i] == '.') {
                name[i] = '_';
            }
        }
        return new String(name);
    }

    String constructorDescriptor() {
        return constructorDescriptor;
    }

    String bodyDescriptor() {
        return bodyDescriptor;
    }

    byte[] write(int version, @Nullable String sourceFile) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(
                version, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC, name, null, Names.FRAME, null);
        if (!isStatic) {
            writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "host", hostDescriptor, null, null)
                    .visitEnd();
        }
        for (Fields fields : fieldsOfType.values()) {
            for (Field field : fields.fields) {
                writer.visitField(FIELD_ACCESS, field.name(), field.descriptor(), null, null)
                        .visitEnd();
            }
        }
        writeConstructor(writer);
        writeResume(writer);
        writeAt(writer, sourceFile);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void writeConstructor(ClassWriter writer) {
        MethodVisitor code = writer.visitMethod(0, "<init>", constructorDescriptor(), null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, Names.FRAME, "<init>", "()V", false);
        int slot = 1;
        int stack = 1;
        if (!isStatic) {
            stack = 2;
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ALOAD, slot++);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, "host", hostDescriptor);
        }
        for (int i = 0; i < parameters.length; i++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), slot);
            Field field = parameterFields.get(i);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, field.name(), field.descriptor());
            slot += parameters[i].getSize();
            stack = Math.max(stack, 1 + parameters[i].getSize());
        }
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(stack, slot);
        code.visitEnd();
    }

    /** Where the awaits are in the source. */
    private void writeAt(ClassWriter writer, @Nullable String sourceFile) {
        String element = "Ljava/lang/StackTraceElement;";
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PROTECTED, "at", "(I)" + element, null, null);
        code.visitCode();
        code.visitLdcInsn(host.replace('/', '.'));
        code.visitLdcInsn(method);
        if (sourceFile == null) {
            code.visitInsn(Opcodes.ACONST_NULL);
        } else {
            code.visitLdcInsn(sourceFile);
        }
        code.visitLdcInsn(lines.toString());
        code.visitVarInsn(Opcodes.ILOAD, 1);
        String string = "Ljava/lang/String;";
        code.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                Names.FRAME,
                "at",
                '(' + string + string + string + string + 'I' + ')' + element,
                false);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(5, 2);
        code.visitEnd();
    }

    private void writeResume(ClassWriter writer) {
        MethodVisitor code = writer.visitMethod(
                Opcodes.ACC_PROTECTED | Opcodes.ACC_SYNTHETIC, // debuggers step past it
                "resume",
                "(L" + Names.TASK + ";I)L" + Names.OBJECT + ';',
                null,
                new String[] {"java/lang/Throwable"});
        code.visitCode();
        if (!isStatic) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitFieldInsn(Opcodes.GETFIELD, name, "host", hostDescriptor);
        }
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitVarInsn(Opcodes.ILOAD, 2);
        int call = isStatic ? Opcodes.INVOKESTATIC : hostIsInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
        code.visitMethodInsn(call, host, bodyName, bodyDescriptor(), hostIsInterface);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(isStatic ? 3 : 4, 3);
        code.visitEnd();
    }
}
