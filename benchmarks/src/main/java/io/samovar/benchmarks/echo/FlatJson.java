package io.samovar.benchmarks.echo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON objects on one line that hold numbers and strings: what the load generators print, and what is kept of a run. */
final class FlatJson {
    private static final Pattern FIELD =
            Pattern.compile("\\s*\"(\\w+)\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(-?[\\d.eE+-]+|true|false))\\s*(,|\\}\\s*$)");

    private FlatJson() {}

    /**
     * The fields in order, without the quotes.
     *
     * @throws IllegalArgumentException if this is no such object
     */
    static Map<String, String> read(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(line);
        int at = line.indexOf('{') + 1;
        while (at > 0 && field.find(at) && field.start() == at) {
            String text = field.group(2);
            fields.put(field.group(1), text == null ? field.group(3) : text.replaceAll("\\\\(.)", "$1"));
            at = field.end();
            if (!field.group(4).equals(",")) {
                return fields;
            }
        }
        throw new IllegalArgumentException("not a flat JSON object: " + line);
    }

    /** Numbers and truth values as they are, everything else in quotes. */
    static String write(Map<String, ?> fields) {
        StringBuilder object = new StringBuilder("{");
        fields.forEach((name, value) -> {
            object.append(object.length() == 1 ? "\"" : ",\"").append(name).append("\":");
            if (value instanceof Number || value instanceof Boolean) {
                object.append(value);
            } else {
                object.append('"').append(escaped(value.toString())).append('"');
            }
        });
        return object.append('}').toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
