package io.samovar.tests.coroutine.fuzz;

import java.util.List;

/**
 * A type of the generated programs.
 *
 * @param name as in a declaration
 * @param boxed as in a type argument
 */
record Ty(String name, String boxed) {
    static final Ty INT = new Ty("int", "Integer");
    static final Ty LONG = new Ty("long", "Long");
    static final Ty DOUBLE = new Ty("double", "Double");
    static final Ty FLOAT = new Ty("float", "Float");
    static final Ty BOOLEAN = new Ty("boolean", "Boolean");
    static final Ty CHAR = new Ty("char", "Character");
    static final Ty BYTE = new Ty("byte", "Byte");
    static final Ty SHORT = new Ty("short", "Short");
    static final Ty STRING = reference("String");
    static final Ty INTEGER = reference("Integer");
    static final Ty BOXED_LONG = reference("Long");
    static final Ty BOXED_DOUBLE = reference("Double");
    static final Ty CHARACTER = reference("Character");
    static final Ty OBJECT = reference("Object");
    static final Ty COLOR = reference("Color");
    static final Ty PAIR = reference("Pair");
    static final Ty SHAPE = reference("Shape");
    static final Ty VOID = reference("Void");
    /** The type parameter of a generic method. */
    static final Ty VARIABLE = reference("T");

    static final List<Ty> PRIMITIVES = List.of(INT, LONG, DOUBLE, FLOAT, BOOLEAN, CHAR, BYTE, SHORT);
    static final List<Ty> ARRAYS = List.of(
            array(INT),
            array(LONG),
            array(DOUBLE),
            array(BYTE),
            array(CHAR),
            array(STRING),
            array(OBJECT),
            array(PAIR));
    static final List<Ty> VALUES = List.of(
            INT,
            INT,
            INT,
            LONG,
            LONG,
            DOUBLE,
            DOUBLE,
            FLOAT,
            BOOLEAN,
            CHAR,
            BYTE,
            SHORT,
            STRING,
            STRING,
            STRING,
            INTEGER,
            INTEGER,
            BOXED_LONG,
            BOXED_DOUBLE,
            CHARACTER,
            OBJECT,
            OBJECT,
            COLOR,
            PAIR,
            PAIR,
            SHAPE);
    static final List<Ty> RESULTS =
            List.of(INT, INT, LONG, DOUBLE, STRING, STRING, OBJECT, PAIR, INTEGER, VOID, BOOLEAN, array(INT));

    static Ty reference(String name) {
        return new Ty(name, name);
    }

    static Ty array(Ty element) {
        return reference(element.name + "[]");
    }

    static Ty coroutine(Ty result) {
        return reference("Coroutine<" + result.boxed + ">");
    }

    boolean isPrimitive() {
        return !name.equals(boxed);
    }

    boolean isArray() {
        return name.endsWith("[]");
    }

    boolean isNumeric() {
        return isPrimitive() && !equals(BOOLEAN);
    }

    boolean isCoroutine() {
        return name.startsWith("Coroutine<");
    }

    Ty element() {
        String element = name.substring(0, name.length() - 2);
        return VALUES.stream()
                .filter(type -> type.name.equals(element))
                .findFirst()
                .orElse(reference(element));
    }
}
