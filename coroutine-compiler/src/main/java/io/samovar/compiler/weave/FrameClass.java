package io.samovar.compiler.weave;

import java.util.ArrayList;
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

    final String name;
    private final String host;
    private final boolean hostIsInterface;
    private final boolean isStatic;
    private final String method;
    final String bodyName;
    private final Type[] parameters;
    private final Map<String, List<Field>> fieldsOfType = new LinkedHashMap<>();
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
    }

    /** A place in the frame. */
    record Field(String name, String descriptor) {}

    /** Hands out the fields for what is live at one await. */
    final class Allocation {
        private final Map<String, Integer> used = new LinkedHashMap<>();

        Field next(String descriptor) {
            int number = used.merge(descriptor, 1, Integer::sum) - 1;
            List<Field> fields = fieldsOfType.computeIfAbsent(descriptor, unused -> new ArrayList<>());
            if (number == fields.size()) {
                fields.add(field(descriptor, number));
            }
            return fields.get(number);
        }

        /** The reference fields that hold nothing at this await, as far as they are known by now. */
        List<Field> unusedReferences() {
            List<Field> unused = new ArrayList<>();
            fieldsOfType.forEach((descriptor, fields) -> {
                if (descriptor.charAt(0) == 'L' || descriptor.charAt(0) == '[') {
                    unused.addAll(fields.subList(used.getOrDefault(descriptor, 0), fields.size()));
                }
            });
            return unused;
        }
    }

    Allocation allocate() {
        return new Allocation();
    }

    /** The fields that the parameters come in. */
    List<Field> parameterFields() {
        Allocation allocation = allocate();
        List<Field> fields = new ArrayList<>();
        for (Type parameter : parameters) {
            fields.add(allocation.next(fieldType(parameter)));
        }
        return fields;
    }

    /** Notes the line of the next await; 0 if it is not known. */
    void awaitAt(int line) {
        lines.append((char) line);
    }

    /** What the verifier makes of a type: all small integers are one. */
    static String fieldType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> "I";
            default -> type.getDescriptor();
        };
    }

    private static Field field(String descriptor, int number) {
        String kind = descriptor.length() == 1 ? descriptor.toLowerCase(java.util.Locale.ROOT) : mangle(descriptor);
        return new Field(kind + '$' + number, descriptor);
    }

    private static String mangle(String descriptor) {
        return descriptor.replace('/', '_').replace(';', '_').replace('[', '_').replace('.', '_');
    }

    String constructorDescriptor() {
        StringBuilder descriptor = new StringBuilder("(");
        if (!isStatic) {
            descriptor.append('L').append(host).append(';');
        }
        for (Type parameter : parameters) {
            descriptor.append(parameter.getDescriptor());
        }
        return descriptor.append(")V").toString();
    }

    String bodyDescriptor() {
        return "(L" + name + ";L" + Names.TASK + ";I)L" + Names.OBJECT + ';';
    }

    byte[] write(int version, @Nullable String sourceFile) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(
                version, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC, name, null, Names.FRAME, null);
        if (!isStatic) {
            writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "host", 'L' + host + ';', null, null)
                    .visitEnd();
        }
        List<Field> parameterFields = parameterFields();
        for (List<Field> fields : fieldsOfType.values()) {
            for (Field field : fields) {
                writer.visitField(FIELD_ACCESS, field.name(), field.descriptor(), null, null)
                        .visitEnd();
            }
        }
        writeConstructor(writer, parameterFields);
        writeResume(writer);
        writeAt(writer, sourceFile);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void writeConstructor(ClassWriter writer, List<Field> parameterFields) {
        MethodVisitor code = writer.visitMethod(0, "<init>", constructorDescriptor(), null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, Names.FRAME, "<init>", "()V", false);
        int slot = 1;
        if (!isStatic) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ALOAD, slot++);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, "host", 'L' + host + ';');
        }
        for (int i = 0; i < parameters.length; i++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), slot);
            Field field = parameterFields.get(i);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, field.name(), field.descriptor());
            slot += parameters[i].getSize();
        }
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
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
        code.visitMaxs(0, 0);
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
            code.visitFieldInsn(Opcodes.GETFIELD, name, "host", 'L' + host + ';');
        }
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitVarInsn(Opcodes.ILOAD, 2);
        int call = isStatic ? Opcodes.INVOKESTATIC : hostIsInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
        code.visitMethodInsn(call, host, bodyName, bodyDescriptor(), hostIsInterface);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }
}
